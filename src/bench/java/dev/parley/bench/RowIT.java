package dev.parley.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests how the table shows figures, and whether a goal is met. */
@Tag("slow")
class RowIT {

    @ParameterizedTest
    @CsvSource({"0.95, ≥ 0.90 ✓", "0.9, ≥ 0.90 ✓", "0.89, ≥ 0.90 ✗"})
    void markdown_goalOfAtLeast_comparesTheMedian(double median, String goal) {
        Row row = Row.of("a.b", "what", Figure.of(List.of(0.1, median, 7.0), "s")).atLeast(0.9);

        assertThat(row.markdown()).endsWith("(0.10 to 7.00) s | " + goal + " |");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"1000| ≤ 1,000 ✓", "1000.4| ≤ 1,000 ✗"})
    void markdown_goalOfAtMost_comparesTheMedian(double median, String goal) {
        Row row = Row.of("a.b", "what", Figure.exactly(median, "ms")).atMost(1_000);

        assertThat(row.markdown()).isEqualTo("| what | 1,000 ms | " + goal + " |");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "2| 2 units",
                "2.294| 2.29 units",
                "0.0403| 0.040 units",
                "12345.6| 12,346 units"
            })
    void figure_isShownWithItsSignificantDigits(double value, String expected) {
        assertThat(Figure.exactly(value, "units")).hasToString(expected);
    }
}
