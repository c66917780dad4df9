package dev.parley.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import org.junit.jupiter.api.Test;

/** What the README says was measured is what the file of figures says. */
class PublishedTest {

    @Test
    void readme_isMadeFromTheFigures() throws Exception {
        String readme = Files.readString(Published.README);
        Report report = Report.read(Published.FIGURES);

        assertThat(AtScale.isIn(report)).isTrue();
        assertThat(Published.in(readme, report)).isEqualTo(readme);
    }
}
