package dev.parley.bench;

import dev.parley.bench.MeasuredService.Rate;
import java.time.Duration;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;

/**
 * The result of a load.
 *
 * @param count the number of requests
 * @param seconds the elapsed time of the whole load
 * @param cpuSeconds the CPU time that the sender used
 * @param p50 the median of the latencies in milliseconds
 * @param p99 the 99th percentile of the latencies in milliseconds
 * @param p999 the 99.9th percentile
 */
record Timing(
        double count, double seconds, double cpuSeconds, double p50, double p99, double p999) {

    /**
     * Creates the result from latencies in nanoseconds.
     *
     * @throws IllegalStateException if there are none
     */
    static Timing of(Histogram latencies, double seconds, Duration cpu) {
        if (latencies.getTotalCount() == 0) {
            throw new IllegalStateException("no request was answered within " + seconds + " s");
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

    /** Returns the CPU time of one request in microseconds. */
    double cpuMicros() {
        return cpuSeconds / count * 1e6;
    }

    /** Returns this result with the CPU time of another process, such as the receiver. */
    Timing withCpu(Duration cpu) {
        return new Timing(count, seconds, cpu.toNanos() / 1e9, p50, p99, p999);
    }

    /** Returns the line that a {@link LoadProcess} prints. */
    String line() {
        return "%s %s %s %s %s %s".formatted(count, seconds, cpuSeconds, p50, p99, p999);
    }

    static Timing of(String line) {
        double[] fields = Stream.of(line.split(" ")).mapToDouble(Double::parseDouble).toArray();
        return new Timing(fields[0], fields[1], fields[2], fields[3], fields[4], fields[5]);
    }

    @Override
    public String toString() {
        return "%,.0f/s, p50 %.2f ms, p99 %.2f ms, p99.9 %.2f ms"
                .formatted(perSecond(), p50, p99, p999);
    }
}
