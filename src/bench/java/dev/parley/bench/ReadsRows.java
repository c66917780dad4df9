package dev.parley.bench;

import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.function.UnaryOperator;

/**
 * The lines of one of the {@link Reads}.
 *
 * @param busy as many reads as get through
 * @param calm reads at a rate that both sides can bear
 * @param rate that rate, by second
 */
record ReadsRows(Reads reads, Comparison<Timing> busy, Comparison<Timing> calm, double rate) {

    private static final double RATE_GOAL = 0.8;
    private static final double LATENCY_GOAL = 1.5;

    /** In the order in which they are printed. */
    List<Row> rows() {
        return List.of(
                goal(
                        Row.of(
                                key("ratio"),
                                "%s, to what the bare client reaches with the same requests, %d at a time"
                                        .formatted(reads.what(), reads.inFlight()),
                                busy.ratios(Timing::perSecond).figure("")),
                        row -> row.atLeast(RATE_GOAL)),
                latency("p99.ratio", "their p99, as a multiple of the bare client's", busy),
                row("service", "of that the service", busy.service()),
                row("bare", "of that the bare client", busy.bare()),
                latency(
                        "calm.p99.ratio",
                        "p99 at %,.0f reads/s from both, each from the time that it was due, as a multiple of the bare client's"
                                .formatted(rate),
                        calm),
                row("calm.service", "of that the service", calm.service()),
                row("calm.bare", "of that the bare client", calm.bare()));
    }

    private String key(String name) {
        return "reads." + reads.name().toLowerCase(Locale.ROOT) + "." + name;
    }

    private Row latency(String key, String what, Comparison<Timing> measured) {
        Row row = Row.of(key(key), what, measured.ratios(Timing::p99).figure(""));
        return goal(row, each -> each.atMost(LATENCY_GOAL));
    }

    /**
     * One session is one item, which the bare client only fetches: it is what goals are for. Of a
     * page and a history it leaves out unpacking the turns, and of all writing them as JSON.
     */
    private Row goal(Row row, UnaryOperator<Row> goal) {
        return reads == Reads.SESSION ? goal.apply(row) : row;
    }

    /** A line that only explains another. */
    private Row row(String key, String what, List<Timing> timings) {
        return row(
                key(key),
                what,
                reads == Reads.HISTORY
                        ? figure(timings, timing -> timing.perSecond() * reads.parts(), "turns/s")
                        : figure(timings, Timing::perSecond, "reads/s"),
                timings);
    }

    /** The same of something else than reads; the CPU time is that of whoever is named. */
    static Row row(String key, String what, Figure rate, List<Timing> timings) {
        Figure p50 = figure(timings, Timing::p50, "ms");
        Figure p99 = figure(timings, Timing::p99, "ms");
        Figure p999 = figure(timings, Timing::p999, "ms");
        Figure cpu = figure(timings, Timing::cpuMicros, "µs");
        return Row.of(key, what, rate, p50, p99, p999, cpu)
                .saying(
                        "%s; p50 %s, p99 %s, p99.9 %s; %s of CPU for one"
                                .formatted(rate, p50, p99, p999, cpu));
    }

    static Figure figure(List<Timing> timings, ToDoubleFunction<Timing> figure, String unit) {
        return Rounds.of(timings, figure).figure(unit);
    }
}
