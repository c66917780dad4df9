package dev.parley.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import org.junit.jupiter.api.Test;

/** The documents have the figures of the file. */
class PublishedTest {

    @Test
    void documents_areMadeFromTheFigures() throws Exception {
        Report report = Report.read(Published.FIGURES);
        String benchmarks = Files.readString(Published.BENCHMARKS);
        String capacity = Files.readString(Published.CAPACITY);

        assertThat(Published.benchmarks(benchmarks, report)).isEqualTo(benchmarks);
        assertThat(AtScale.isIn(report)).isTrue();
        assertThat(Published.capacity(capacity, report)).isEqualTo(capacity);
    }
}
