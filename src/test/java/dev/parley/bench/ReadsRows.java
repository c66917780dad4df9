package dev.parley.bench;

import java.util.List;

/**
 * The lines of one of the {@link Reads}.
 *
 * @param busy as many reads as get through
 * @param calm reads at a rate that both sides can bear
 * @param rate that rate, by second
 */
record ReadsRows(Reads reads, Comparison<Timing> busy, Comparison<Timing> calm, double rate) {

    private static final String LATENCY_GOAL = "≤ 1.5";

    /** In the order in which they are printed. */
    List<Row> rows() {
        return List.of(
                new Row(
                        "%s, to what the bare client reaches with the same requests, %d at a time"
                                .formatted(reads.what(), reads.inFlight()),
                        busy.ratios(Timing::perSecond).in("%.2f"),
                        "≥ 0.8"),
                latency("their p99, as a multiple of the bare client's", busy),
                row("of that the service", busy.service()),
                row("of that the bare client", busy.bare()),
                latency(
                        "p99 at %,.0f reads/s from both, each from the time that it was due, as a multiple of the bare client's"
                                .formatted(rate),
                        calm),
                row("of that the service", calm.service()),
                row("of that the bare client", calm.bare()));
    }

    private static Row latency(String what, Comparison<Timing> measured) {
        return new Row(what, measured.ratios(Timing::p99).in("%.2f"), LATENCY_GOAL);
    }

    /** A line that only explains another; the CPU time is that of the named. */
    private Row row(String what, List<Timing> timings) {
        String rate =
                "%s reads/s".formatted(Rounds.of(timings, Timing::perSecond))
                        + (reads == Reads.HISTORY ? ", %s turns/s".formatted(parts(timings)) : "");
        return new Row(what, rate + "; " + latenciesAndCpu(timings), "");
    }

    private Rounds parts(List<Timing> timings) {
        return Rounds.of(timings, timing -> timing.perSecond() * reads.parts());
    }

    static String latenciesAndCpu(List<Timing> timings) {
        return "p50 %s ms, p99 %s ms, p99.9 %s ms; %s µs of CPU for one"
                .formatted(
                        Rounds.of(timings, Timing::p50).in("%.2f"),
                        Rounds.of(timings, Timing::p99).in("%.2f"),
                        Rounds.of(timings, Timing::p999).in("%.2f"),
                        Rounds.of(timings, Timing::cpuMicros));
    }
}
