package dev.parley.bench;

import dev.parley.bench.MeasuredService.Rate;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/**
 * Requests, so many in flight at the most. Either each follows on the answer to another (a closed
 * loop), or each has its time (an open one): then its latency counts from that time on, so that
 * what had to wait because others were slow is slow too, instead of being left out.
 */
final class Load {

    private static final ScheduledExecutorService CLOCK =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("clock").factory());

    private final IntFunction<? extends CompletionStage<?>> requests;
    private final int count;
    private final long betweenNanos;
    private final AtomicInteger next = new AtomicInteger();
    private final Histogram latencies = new ConcurrentHistogram(3);
    private final long start = System.nanoTime();

    private Load(IntFunction<? extends CompletionStage<?>> requests, int count, long betweenNanos) {
        this.requests = requests;
        this.count = count;
        this.betweenNanos = betweenNanos;
    }

    /**
     * Sends them as fast as they are answered.
     *
     * @param requests by number, from 0 to the count; one that fails ends it all
     */
    static Timing closedLoop(
            IntFunction<? extends CompletionStage<?>> requests, int count, int inFlight) {
        return new Load(requests, count, 0).send(inFlight);
    }

    /** Sends them at an even rate. */
    static Timing openLoop(
            IntFunction<? extends CompletionStage<?>> requests,
            int count,
            int inFlight,
            double perSecond) {
        return new Load(requests, count, (long) (1e9 / perSecond)).send(inFlight);
    }

    private Timing send(int inFlight) {
        Duration cpu = cpu();
        CompletableFuture.allOf(
                        Stream.generate(this::line)
                                .limit(inFlight)
                                .toArray(CompletableFuture<?>[]::new))
                .join();
        double seconds = (System.nanoTime() - start) / 1e9;
        double cpuSeconds = cpu().minus(cpu).toNanos() / 1e9;
        return new Timing(
                new Rate(count / seconds, count / cpuSeconds),
                latencies.getValueAtPercentile(50) / 1e6,
                latencies.getValueAtPercentile(99) / 1e6);
    }

    private static Duration cpu() {
        return ProcessHandle.current().info().totalCpuDuration().orElseThrow();
    }

    /** One request after the other, until there are no more. */
    private CompletableFuture<Void> line() {
        CompletableFuture<Void> line = new CompletableFuture<>();
        sendNext(line);
        return line;
    }

    private void sendNext(CompletableFuture<Void> line) {
        int number = next.getAndIncrement();
        long now = System.nanoTime();
        long due = betweenNanos == 0 ? now : start + number * betweenNanos;
        if (number >= count) {
            line.complete(null);
        } else if (due <= now) {
            send(number, due, line);
        } else {
            var _ = CLOCK.schedule(() -> send(number, due, line), due - now, TimeUnit.NANOSECONDS);
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
