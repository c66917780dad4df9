package dev.parley.bench;

import java.util.List;

/** The lines of {@link ReadsBenchmark}. */
final class ReadsRows {

    private static final String LATENCY_GOAL = "≤ 1.5";

    private ReadsRows() {}

    /**
     * In the order in which they are printed.
     *
     * @param busy as many reads as get through
     * @param calm reads at a rate that both sides can bear
     * @param rate that rate, by second
     */
    static List<Row> of(
            Comparison<Timing> busy, Comparison<Timing> calm, double rate, int inFlight) {
        return List.of(
                new Row(
                        "reads of sessions of %d turns over REST, as a part of what the bare client reaches with GetItem, %d at a time"
                                .formatted(SessionsToRead.TURNS, inFlight),
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

    private static Row row(String what, List<Timing> timings) {
        return new Row(
                what,
                "%s reads/s; p50 %s ms, p99 %s ms; %s by CPU second"
                        .formatted(
                                Rounds.of(timings, Timing::perSecond),
                                Rounds.of(timings, Timing::p50).in("%.2f"),
                                Rounds.of(timings, Timing::p99).in("%.2f"),
                                Rounds.of(timings, Timing::perCpuSecond)),
                "");
    }
}
