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

/** Tests that a run of the cheapest group writes the report and its table. */
@Tag("slow")
class BenchmarksIT {

    private static final BenchSettings CHEAPEST_GROUP =
            new BenchSettings(Set.of("plan"), Duration.ZERO, 1, 0, List.of(), Map.of());

    @TempDir Path folder;

    @Test
    void run_existingReport_isCompleted() throws Exception {
        Path json = folder.resolve("bench.json");
        Row oldRow = Row.of("backlog.pause", "the longest pause", Figure.exactly(402, "ms"));
        MeasuredGroup oldGroup =
                new MeasuredGroup(Instant.EPOCH, "3ff8b33", 0.4, 30, 5, List.of(oldRow));
        new Report(Machine.current(), Map.of("backlog", oldGroup)).write(json);

        Report report = Benchmarks.run(CHEAPEST_GROUP, folder);

        assertThat(Report.read(json)).isEqualTo(report);
        assertThat(folder.resolve("bench.md")).content().isEqualTo(report.markdown());
        assertThat(report.markdown()).contains("| the longest pause | 402 ms |  |");
        assertThat(report.groups().keySet()).containsExactly("plan", "backlog");
        assertThat(report.groups()).containsEntry("backlog", oldGroup);
        assertThat(requireNonNull(report.groups().get("plan")).rows())
                .isNotEmpty()
                .allSatisfy(row -> assertThat(row.figures().getFirst().median()).isPositive());
    }
}
