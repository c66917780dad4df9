package dev.parley.bench;

import dev.parley.bench.MeasuredService.Rate;
import java.time.Duration;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;

/**
 * What came of a load.
 *
 * @param count of requests
 * @param seconds that they took together
 * @param cpuSeconds CPU time that the sender used
 * @param p50 median of the latencies in milliseconds
 * @param p99 what 99 of 100 requests took at the most, in milliseconds
 * @param p999 what 999 of 1,000 did
 */
record Timing(
        double count, double seconds, double cpuSeconds, double p50, double p99, double p999) {

    /**
     * Of latencies in nanoseconds.
     *
     * @throws IllegalStateException if there are none
     */
    static Timing of(Histogram latencies, double seconds, Duration cpu) {
        if (latencies.getTotalCount() == 0) {
            throw new IllegalStateException("no request was answered in " + seconds + " s");
        }
        return new Timing(
                latencies.getTotalCount(),
                seconds,
                cpu.toNanos() / 1e9,
                latencies.getValueAtPercentile(50) / 1e6,
                latencies.getValueAtPercentile(99) / 1e6,
                latencies.getValueAtPercentile(99.9) / 1e6);
    }

    Rate rate() {
        return new Rate(perSecond(), count / cpuSeconds);
    }

    double perSecond() {
        return count / seconds;
    }

    /** CPU time of one request in microseconds. */
    double cpuMicros() {
        return cpuSeconds / count * 1e6;
    }

    /** The same by CPU time of whom the requests went to. */
    Timing byCpu(Duration cpu) {
        return new Timing(count, seconds, cpu.toNanos() / 1e9, p50, p99, p999);
    }

    /** As a process tells another. */
    String line() {
        return "%s %s %s %s %s %s".formatted(count, seconds, cpuSeconds, p50, p99, p999);
    }

    static Timing of(String line) {
        double[] f = Stream.of(line.split(" ")).mapToDouble(Double::parseDouble).toArray();
        return new Timing(f[0], f[1], f[2], f[3], f[4], f[5]);
    }

    @Override
    public String toString() {
        return "%,.0f/s, p50 %.2f ms, p99 %.2f ms, p99.9 %.2f ms"
                .formatted(perSecond(), p50, p99, p999);
    }
}
