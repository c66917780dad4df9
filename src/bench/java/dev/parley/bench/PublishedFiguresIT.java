package dev.parley.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Tests that the documents contain the figures of the published JSON file. */
@Tag("slow")
class PublishedFiguresIT {

    @Test
    void documents_containThePublishedFigures() throws Exception {
        Report report = Report.read(PublishedFigures.FIGURES);
        String benchmarks = Files.readString(PublishedFigures.BENCHMARKS);
        String capacity = Files.readString(PublishedFigures.CAPACITY);

        assertThat(PublishedFigures.benchmarks(benchmarks, report)).isEqualTo(benchmarks);
        assertThat(CapacityEstimate.canBeMadeFrom(report)).isTrue();
        assertThat(PublishedFigures.capacity(capacity, report)).isEqualTo(capacity);
    }
}
