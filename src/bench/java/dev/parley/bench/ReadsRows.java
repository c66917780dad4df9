package dev.parley.bench;

import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.function.UnaryOperator;

/**
 * The rows of one kind of {@link ReadKind}.
 *
 * @param busy the results with as many reads as possible
 * @param calm the results at a rate that both sides reach without queues
 * @param rate that rate, in reads per second
 */
record ReadsRows(ReadKind reads, Comparison<Timing> busy, Comparison<Timing> calm, double rate) {

    private static final double RATE_GOAL = 1.3;
    private static final double LATENCY_GOAL = 1.3;

    /** Returns the rows in the order in which they are printed. */
    List<Row> rows() {
        return List.of(
                goal(
                        Row.of(
                                key("ratio"),
                                "%s: throughput, divided by that of the bare client with the same requests, %d at a time"
                                        .formatted(reads.what(), reads.inFlight()),
                                busy.ratios(Timing::perSecond).figure("")),
                        row -> row.atLeast(RATE_GOAL)),
                latency(
                        "p99.ratio",
                        "their p99 latency, as a multiple of that of the bare client",
                        busy),
                row("service", "throughput, latency and CPU time of the service", busy.service()),
                row("bare", "throughput, latency and CPU time of the bare client", busy.bare()),
                latency(
                        "calm.p99.ratio",
                        "p99 latency at %,.0f reads/s for both, measured from the time when each read was due, as a multiple of that of the bare client"
                                .formatted(rate),
                        calm),
                row(
                        "calm.service",
                        "throughput, latency and CPU time of the service at that rate",
                        calm.service()),
                row(
                        "calm.bare",
                        "throughput, latency and CPU time of the bare client at that rate",
                        calm.bare()));
    }

    private String key(String name) {
        return "reads." + reads.name().toLowerCase(Locale.ROOT) + "." + name;
    }

    private Row latency(String key, String what, Comparison<Timing> measured) {
        Row row = Row.of(key(key), what, measured.ratios(Timing::p99).figure(""));
        return goal(row, each -> each.atMost(LATENCY_GOAL));
    }

    /**
     * Sets the goal for reads of a session only. A session is one item, which the bare client
     * fetches as well. For the other reads, the bare client does much less work: it does not
     * inflate the blocks of turns, and it writes no JSON.
     */
    private Row goal(Row row, UnaryOperator<Row> goal) {
        return reads == ReadKind.SESSION ? goal.apply(row) : row;
    }

    /** A row without a goal. */
    private Row row(String key, String what, List<Timing> timings) {
        return row(
                key(key),
                what,
                reads == ReadKind.HISTORY
                        ? figure(timings, timing -> timing.perSecond() * reads.parts(), "turns/s")
                        : figure(timings, Timing::perSecond, "reads/s"),
                timings);
    }

    /** Creates a row of rate, latencies and CPU time, also for loads other than reads. */
    static Row row(String key, String what, Figure rate, List<Timing> timings) {
        Figure p50 = figure(timings, Timing::p50, "ms");
        Figure p99 = figure(timings, Timing::p99, "ms");
        Figure p999 = figure(timings, Timing::p999, "ms");
        Figure cpu = figure(timings, Timing::cpuMicros, "µs");
        return Row.of(key, what, rate, p50, p99, p999, cpu)
                .withMeasured(
                        "%s; p50 %s, p99 %s, p99.9 %s; %s of CPU time each"
                                .formatted(rate, p50, p99, p999, cpu));
    }

    static Figure figure(List<Timing> timings, ToDoubleFunction<Timing> figure, String unit) {
        return Rounds.of(timings, figure).figure(unit);
    }
}
