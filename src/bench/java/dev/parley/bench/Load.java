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

/** A load of requests of the bare client, with a limited number of requests in flight. */
final class Load {

    private static final ScheduledExecutorService TIMER =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("load-timer").factory());

    private final IntFunction<? extends CompletionStage<?>> requests;
    private final Pace pace;
    private final Histogram latencies = new ConcurrentHistogram(3);

    private Load(IntFunction<? extends CompletionStage<?>> requests, Pace pace) {
        this.requests = requests;
        this.pace = pace;
    }

    /**
     * Sends the requests.
     *
     * @param requests sends the request with a given number, from 0 on; if one fails, the load
     *     fails
     */
    static Timing send(
            IntFunction<? extends CompletionStage<?>> requests, Pace pace, int inFlight) {
        return new Load(requests, pace).send(inFlight);
    }

    /** Runs a task later, more exactly than an event loop, whose timers have milliseconds. */
    static void runLater(Runnable task, long nanos) {
        var _ = TIMER.schedule(task, nanos, TimeUnit.NANOSECONDS);
    }

    private Timing send(int inFlight) {
        CpuTime cpu = CpuTime.start();
        CompletableFuture.allOf(
                        Stream.generate(this::sendSequentially)
                                .limit(inFlight)
                                .toArray(CompletableFuture<?>[]::new))
                .join();
        return Timing.of(latencies, pace.seconds(), cpu.used());
    }

    /** Sends one request after the other, until there are no more. */
    private CompletableFuture<Void> sendSequentially() {
        CompletableFuture<Void> finished = new CompletableFuture<>();
        sendNext(finished);
        return finished;
    }

    private void sendNext(CompletableFuture<Void> finished) {
        int number = pace.next();
        long due = pace.due(number);
        long nanosToWait = due - System.nanoTime();
        if (pace.isOver(number, due)) {
            finished.complete(null);
        } else if (nanosToWait <= 0) {
            send(number, due, finished);
        } else {
            runLater(() -> send(number, due, finished), nanosToWait);
        }
    }

    private void send(int number, long due, CompletableFuture<Void> finished) {
        var _ =
                answer(number)
                        .whenComplete(
                                (answer, failure) -> {
                                    if (failure != null) {
                                        finished.completeExceptionally(failure);
                                    } else {
                                        latencies.recordValue(System.nanoTime() - due);
                                        sendNext(finished);
                                    }
                                });
    }

    /**
     * Sends a request. An exception of the call becomes a failed result, so that it ends the load.
     */
    private CompletionStage<?> answer(int number) {
        try {
            return requests.apply(number);
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }
}
