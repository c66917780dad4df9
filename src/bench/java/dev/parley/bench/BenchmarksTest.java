package dev.parley.bench;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The cheapest group of all, measured once: that a run leaves behind what it should. */
@Tag("slow")
class BenchmarksTest {

    private static final BenchSettings CHEAPEST =
            new BenchSettings(Set.of("plan"), Duration.ZERO, 1, 0, List.of(), Map.of());

    @TempDir Path folder;

    @Test
    void run_completesTheReportOfEarlierOnes() throws Exception {
        Path json = folder.resolve("bench.json");
        Row old = Row.of("backlog.pause", "the longest pause", Figure.exactly(402, "ms"));
        Measured before = new Measured(Instant.EPOCH, "3ff8b33", 0.4, 30, 5, List.of(old));
        new Report(Machine.here(), Map.of("backlog", before)).write(json);

        Report report = Benchmarks.run(CHEAPEST, folder);

        assertThat(Report.read(json)).isEqualTo(report);
        assertThat(folder.resolve("bench.md")).content().isEqualTo(report.markdown());
        assertThat(report.markdown()).contains("| the longest pause | 402 ms |  |");
        assertThat(report.groups().keySet()).containsExactly("plan", "backlog");
        assertThat(report.groups()).containsEntry("backlog", before);
        assertThat(requireNonNull(report.groups().get("plan")).rows())
                .isNotEmpty()
                .allSatisfy(row -> assertThat(row.figures().getFirst().median()).isPositive());
    }
}
