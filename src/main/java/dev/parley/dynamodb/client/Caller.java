package dev.parley.dynamodb.client;

import io.opentelemetry.context.Context;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * A caller that waits for its part of a request that it shares with others. It continues on its own
 * thread: the others would have to wait for it otherwise.
 *
 * @param <Q> what the caller asks for
 * @param <R> what it gets
 */
final class Caller<Q, R> {

    private final Q request;
    private final int bytes;
    private final Context trace;
    private final Executor thread;
    private final UniEmitter<? super R> emitter;
    private volatile boolean left;

    private Caller(
            Q request, int bytes, Context trace, Executor thread, UniEmitter<? super R> emitter) {
        this.request = request;
        this.bytes = bytes;
        this.trace = trace;
        this.thread = thread;
        this.emitter = emitter;
        emitter.onTermination(() -> left = true);
    }

    /**
     * Returns what a caller gets.
     *
     * @param bytes about how many bytes it adds to the request
     * @param requests decides where the caller continues
     * @param added adds the caller to those that wait, at each subscription
     */
    static <Q, R> Uni<R> waiting(
            Q request, int bytes, Requests requests, Consumer<Caller<Q, R>> added) {
        return Uni.createFrom()
                .context(
                        subscription ->
                                Uni.createFrom()
                                        .emitter(
                                                emitter ->
                                                        added.accept(
                                                                new Caller<>(
                                                                        request,
                                                                        bytes,
                                                                        RequestSpans.of(
                                                                                subscription),
                                                                        requests.continuation(),
                                                                        emitter))));
    }

    Q request() {
        return request;
    }

    /** Returns about how many bytes the caller adds to the request. */
    int bytes() {
        return bytes;
    }

    Context trace() {
        return trace;
    }

    /** Returns whether the caller waits no longer, because its deadline has passed. */
    boolean hasLeft() {
        return left;
    }

    void complete(R result) {
        thread.execute(() -> emitter.complete(result));
    }

    void fail(Throwable failure) {
        thread.execute(() -> emitter.fail(failure));
    }
}
