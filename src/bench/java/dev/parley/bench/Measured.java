package dev.parley.bench;

import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;

/**
 * A group of rows, and how it was measured.
 *
 * @param at when that began
 * @param commit of the sources, as {@code git describe --always --dirty} has it
 * @param load of the machine when it began, as {@link Machine#load} has it
 * @param warmUp before anything counted, in seconds of the service's CPU time
 * @param rounds of each figure
 */
record Measured(Instant at, String commit, double load, long warmUp, int rounds, List<Row> rows) {

    Measured {
        rows = List.copyOf(rows);
    }

    /** As in {@code 2026-11-22 10:15 at 3ff8b33, 5 rounds after 30 s, load 0.4}. */
    String circumstances() {
        return String.format(
                Locale.ROOT,
                "%tF %<tR at %s, %d rounds after %d s, load %.1f",
                at.atZone(ZoneOffset.UTC),
                commit,
                rounds,
                warmUp,
                load);
    }
}
