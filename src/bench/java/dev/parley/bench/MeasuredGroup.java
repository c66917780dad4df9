package dev.parley.bench;

import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;

/**
 * The rows of a group, and how they were measured.
 *
 * @param at when the measurement began
 * @param commit the commit of the sources, as {@code git describe --always --dirty} prints it
 * @param load the load of the machine at that time, as in {@link Machine#load}
 * @param warmUp the warm-up before anything was measured, in seconds of the service's CPU time
 * @param rounds the number of rounds of each figure
 */
record MeasuredGroup(
        Instant at, String commit, double load, long warmUp, int rounds, List<Row> rows) {

    MeasuredGroup {
        rows = List.copyOf(rows);
    }

    /**
     * Returns, for example, {@code 2026-11-22 10:15 at 3ff8b33, 5 rounds after 30 s of warm-up,
     * load 0.4}.
     */
    String circumstances() {
        return String.format(
                Locale.ROOT,
                "%tF %<tR at %s, %d rounds after %d s of warm-up, load %.1f",
                at.atZone(ZoneOffset.UTC),
                commit,
                rounds,
                warmUp,
                load);
    }
}
