package dev.parley.bench;

import dev.parley.bench.MeasuredService.Rate;
import java.time.Duration;
import java.util.stream.Stream;

/**
 * What came of a load.
 *
 * @param rate requests by second, and by second of CPU time that the sender used
 * @param p50 median of the latencies in milliseconds
 * @param p99 what 99 of 100 requests took at the most, in milliseconds
 */
record Timing(Rate rate, double p50, double p99) {

    double perSecond() {
        return rate.perSecond();
    }

    double perCpuSecond() {
        return rate.perCpuSecond();
    }

    /** CPU time of one request in microseconds. */
    double cpuMicros() {
        return 1e6 / rate.perCpuSecond();
    }

    /** The same by CPU time of whom the requests went to. */
    Timing byCpuOf(int requests, Duration cpu) {
        return new Timing(new Rate(rate.perSecond(), requests / (cpu.toNanos() / 1e9)), p50, p99);
    }

    /** As a process tells another. */
    String line() {
        return "%s %s %s %s".formatted(rate.perSecond(), rate.perCpuSecond(), p50, p99);
    }

    static Timing of(String line) {
        double[] figures = Stream.of(line.split(" ")).mapToDouble(Double::parseDouble).toArray();
        return new Timing(new Rate(figures[0], figures[1]), figures[2], figures[3]);
    }

    @Override
    public String toString() {
        return "%,.0f/s, p50 %.2f ms, p99 %.2f ms".formatted(rate.perSecond(), p50, p99);
    }
}
