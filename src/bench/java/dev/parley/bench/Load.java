package dev.parley.bench;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/** Requests of the bare client, so many in flight at the most. */
final class Load {

    private static final ScheduledExecutorService CLOCK =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("clock").factory());

    private final IntFunction<? extends CompletionStage<?>> requests;
    private final Pace pace;
    private final Histogram latencies = new ConcurrentHistogram(3);

    private Load(IntFunction<? extends CompletionStage<?>> requests, Pace pace) {
        this.requests = requests;
        this.pace = pace;
    }

    /**
     * Sends them.
     *
     * @param requests by number, from 0 on; one that fails ends it all
     */
    static Timing send(
            IntFunction<? extends CompletionStage<?>> requests, Pace pace, int inFlight) {
        return new Load(requests, pace).send(inFlight);
    }

    /** Runs something later, more exactly than event loops do, which count in milliseconds. */
    static void later(Runnable task, long nanos) {
        var _ = CLOCK.schedule(task, nanos, TimeUnit.NANOSECONDS);
    }

    private Timing send(int inFlight) {
        CpuTime cpu = CpuTime.start();
        CompletableFuture.allOf(
                        Stream.generate(this::line)
                                .limit(inFlight)
                                .toArray(CompletableFuture<?>[]::new))
                .join();
        return Timing.of(latencies, pace.seconds(), cpu.used());
    }

    /** One request after the other, until there are no more. */
    private CompletableFuture<Void> line() {
        CompletableFuture<Void> line = new CompletableFuture<>();
        sendNext(line);
        return line;
    }

    private void sendNext(CompletableFuture<Void> line) {
        int number = pace.next();
        long due = pace.due(number);
        long early = due - System.nanoTime();
        if (pace.isOver(number, due)) {
            line.complete(null);
        } else if (early <= 0) {
            send(number, due, line);
        } else {
            later(() -> send(number, due, line), early);
        }
    }

    private void send(int number, long due, CompletableFuture<Void> line) {
        var _ =
                answer(number)
                        .whenComplete(
                                (answer, failure) -> {
                                    if (failure != null) {
                                        line.completeExceptionally(failure);
                                    } else {
                                        latencies.recordValue(System.nanoTime() - due);
                                        sendNext(line);
                                    }
                                });
    }

    /** What is thrown fails like what comes later; else nobody would be told. */
    private CompletionStage<?> answer(int number) {
        try {
            return requests.apply(number);
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }
}
