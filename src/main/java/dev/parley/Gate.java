package dev.parley;

import io.smallrye.mutiny.Context;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/** Lets a limited number of operations run at a time. Further ones wait, in order. */
public final class Gate {

    private final int limit;
    private final Executor threads;
    private final Deque<Runnable> waiting = new ArrayDeque<>();
    private int running;

    /**
     * @param limit the number of operations that may run at the same time
     * @param threads where an operation starts that had to wait
     */
    public Gate(int limit, Executor threads) {
        if (limit < 1) {
            throw new IllegalArgumentException("the limit has to be at least 1: " + limit);
        }
        this.limit = limit;
        this.threads = threads;
    }

    /** Returns the same operation, which starts when there is a place for it. */
    public <T> Uni<T> admit(Supplier<Uni<? extends T>> operation) {
        return Uni.createFrom()
                .context(
                        context ->
                                Uni.createFrom()
                                        .emitter(
                                                result ->
                                                        enter(
                                                                () ->
                                                                        run(
                                                                                operation, context,
                                                                                result))));
    }

    private <T> void run(
            Supplier<Uni<? extends T>> operation, Context context, UniEmitter<? super T> result) {
        Uni.createFrom()
                .deferred(operation)
                .onTermination()
                .invoke(this::leave)
                .subscribe()
                .with(context, result::complete, result::fail);
    }

    private void enter(Runnable operation) {
        synchronized (waiting) {
            if (running == limit) {
                waiting.add(operation);
                return;
            }
            running++;
        }
        operation.run();
    }

    /** Gives the place to the next operation that waits. */
    private void leave() {
        Runnable next;
        synchronized (waiting) {
            next = waiting.poll();
            if (next == null) {
                running--;
                return;
            }
        }
        threads.execute(next);
    }
}
