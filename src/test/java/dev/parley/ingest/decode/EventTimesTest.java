package dev.parley.ingest.decode;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EventTimesTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            "2026-03-04T05:06:07Z"                       | 2026-03-04T05:06:07Z
            "2026-03-04T05:06:07.5Z"                     | 2026-03-04T05:06:07.500Z
            "2026-03-04T05:06:07,25Z"                    | 2026-03-04T05:06:07.250Z
            "2026-03-04T05:06:07.1234567891234Z"         | 2026-03-04T05:06:07.123456789Z
            "2026-03-04t05:06:07z"                       | 2026-03-04T05:06:07Z
            "2026-03-04T05:06Z"                          | 2026-03-04T05:06:00Z
            "2026-03-04T05:06:07+02:00"                  | 2026-03-04T03:06:07Z
            "2026-03-04T05:06:07+0530"                   | 2026-03-03T23:36:07Z
            "2026-03-04T05:06:07-08"                     | 2026-03-04T13:06:07Z
            "2026-03-04T05:06:07.987654"                 | 2026-03-04T05:06:07.987654Z
            "2026-03-04 05:06:07"                        | 2026-03-04T05:06:07Z
            "2026-03-04 05:06:07.5+00"                   | 2026-03-04T05:06:07.500Z
            "2026-03-04 05:06:07 +0100"                  | 2026-03-04T04:06:07Z
            "2026-03-04 05:06:07 UTC"                    | 2026-03-04T05:06:07Z
            "20260304T050607Z"                           | 2026-03-04T05:06:07Z
            "20260304T050607.5+0100"                     | 2026-03-04T04:06:07.500Z
            "2026-03-04T05:06:07+01:00[Europe/Madrid]"   | 2026-03-04T04:06:07Z
            1772600767                                   | 2026-03-04T05:06:07Z
            1772600767.25                                | 2026-03-04T05:06:07.250Z
            1772600767250                                | 2026-03-04T05:06:07.250Z
            1772600767250001                             | 2026-03-04T05:06:07.250001Z
            1772600767250001002                          | 2026-03-04T05:06:07.250001002Z
            1.772600767e9                                | 2026-03-04T05:06:07Z
            "1772600767"                                 | 2026-03-04T05:06:07Z
            "1772600767250"                              | 2026-03-04T05:06:07.250Z
            """)
    void timeInAFormOfAPlatform_isParsed(String json, Instant expected) {
        assertThat(EventTimes.of(EventContractIT.parsed(json))).contains(expected);
    }

    /** A number may be a date without separators, or the seconds of a stopwatch. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"2026-03-04\"",
                "\"20260304\"",
                "20260304050607",
                "\"20260304050607\"",
                "202603040506",
                "12.5",
                "0",
                "-1772600767",
                "\"2026-02-30T05:06:07Z\"",
                "\"2026-03-04T24:00:00Z\"",
                "\"2026-03-04T05:06:07+25:00\"",
                "\"1969-12-31T23:59:59Z\"",
                "\"5:06\"",
                "\"\"",
                "1e400",
                "1e-400",
                "true",
                "[1772600767]"
            })
    void ambiguousOrInvalidTime_isEmpty(String json) {
        assertThat(EventTimes.of(EventContractIT.parsed(json))).isEmpty();
    }

    @Test
    void smallNumber_isTakenAsSecondsOnRequest() {
        assertThat(EventTimes.ofSeconds(EventContractIT.parsed("1.5")))
                .contains(Instant.parse("1970-01-01T00:00:01.500Z"));
        assertThat(EventTimes.ofSeconds(EventContractIT.parsed("-1"))).isEmpty();
    }
}
