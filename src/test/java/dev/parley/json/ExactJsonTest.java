package dev.parley.json;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.Charset;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests that JSON is read and written without a change, and that invalid JSON is refused. */
class ExactJsonTest {

    private static final String LIMIT_EXCEEDED =
            "more than 500 levels, 1000 digits in a number or 4096 characters in a key";
    private static final String EXPONENT_EXCEEDED = "a number with an exponent beyond 9999";

    static Stream<Arguments> read_ofInvalidJson_isRefused() {
        return Map.ofEntries(
                        Map.entry("[".repeat(501) + "]".repeat(501), LIMIT_EXCEEDED),
                        Map.entry("[".repeat(1_000_000), LIMIT_EXCEEDED),
                        Map.entry("{\"a\":".repeat(501), LIMIT_EXCEEDED),
                        Map.entry("9".repeat(1001), LIMIT_EXCEEDED),
                        Map.entry("0." + "9".repeat(1000), LIMIT_EXCEEDED),
                        Map.entry("{\"" + "k".repeat(4097) + "\":1}", LIMIT_EXCEEDED),
                        Map.entry("1e10000", EXPONENT_EXCEEDED),
                        Map.entry("10e-10001", EXPONENT_EXCEEDED),
                        Map.entry("1e999999999", EXPONENT_EXCEEDED),
                        Map.entry("-1e-2147483648", EXPONENT_EXCEEDED),
                        Map.entry("1e99999999999999999999", EXPONENT_EXCEEDED),
                        Map.entry("NaN", "NaN or Infinity, which JSON doesn't have, at byte 3"),
                        Map.entry("{} {}", "not valid JSON at byte 3"),
                        Map.entry("{'a':1}", "not valid JSON at byte 1"),
                        Map.entry("\"a\0b\"", "not valid JSON at byte 2"),
                        Map.entry("{\"a\":1,\"a\":1}", "a key comes twice in an object at byte 11"),
                        Map.entry(
                                "[{\"a\":1,\"\\u0061\":1}]",
                                "a key comes twice in an object at byte 17"),
                        Map.entry(
                                "\"" + "a".repeat(JsonLimits.MAX_BYTES) + "\"",
                                "larger than 2097152 bytes"))
                .entrySet()
                .stream()
                .map(entry -> Arguments.of(entry.getKey(), entry.getValue()));
    }

    @ParameterizedTest(name = "{1}")
    @MethodSource
    void read_ofInvalidJson_isRefused(String json, String reason) {
        assertThatThrownBy(() -> ExactJson.read(json.getBytes(UTF_8)))
                .isInstanceOf(RefusedJsonException.class)
                .hasMessage(reason)
                .hasNoCause();
    }

    /**
     * Each character stands for one byte. The bytes are overlong encodings, halves of a surrogate
     * pair, a code point beyond Unicode, a truncated character, and Latin-1.
     */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "\u00c0\u0080",
                "\u00c1\u0081",
                "\u00e0\u0080\u0080",
                "\u00f0\u0080\u0080\u0080",
                "\u00ed\u00a0\u0080",
                "\u00ed\u00a0\u00bd\u00ed\u00b8\u0080",
                "\u00f4\u0090\u0080\u0080",
                "\u00e2\u0082",
                "\u00e4",
                "\u00ff",
            })
    void read_ofInvalidUtf8_isRefused(String bytes) {
        assertThatThrownBy(() -> ExactJson.read(("\"" + bytes + "\"").getBytes(ISO_8859_1)))
                .hasMessage("not valid UTF-8");
    }

    static Stream<Charset> read_ofOtherEncodings_isRefused() {
        return Stream.of(UTF_16, UTF_16LE, Charset.forName("UTF-32"));
    }

    @ParameterizedTest
    @MethodSource
    void read_ofOtherEncodings_isRefused(Charset encoding) {
        assertThatThrownBy(() -> ExactJson.read("{\"a\":1}".getBytes(encoding)))
                .isInstanceOf(RefusedJsonException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1.0",
                "0.10",
                "1E+400",
                "1E+9999",
                "1E-9999",
                "12345678901234567890123456789012345678901234567890",
                "\"\\u0000\"",
                "\"\u202e\u200b\ufffd😀\"",
                "{\"\":1,\" \":2,\"__proto__\":3,\"#a\":4,\":v\":5,\"a.b\":6,\"a[0]\":7}",
            })
    void read_ofUnusualValues_keepsThem(String json) throws Exception {
        assertThat(ExactJson.toJson(ExactJson.read(json.getBytes(UTF_8))).text()).isEqualTo(json);
    }

    @Test
    void read_withAByteOrderMark_skipsTheMark() throws Exception {
        assertThat(ExactJson.read("\ufeff{\"a\":1}".getBytes(UTF_8)).path("a").intValue())
                .isEqualTo(1);
    }

    @Test
    void readObject_ofAnInvalidItem_reportsThePositionWithoutQuotingIt() {
        for (String invalid : new String[] {"{\"a\":SECRET}", "{\"SECRET\":'SECRET'}", "{\"a\""}) {
            assertThatThrownBy(() -> ExactJson.readObject(invalid))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageStartingWith("an item's JSON can't be read, at character ")
                    .hasNoCause();
        }
    }

    /**
     * Every value that an event may contain can be read from an item, at whatever depth it is
     * stored there.
     */
    @Test
    void readObject_ofValuesAtTheLimits_returnsThem() throws Exception {
        for (String json :
                new String[] {
                    "[".repeat(500) + "]".repeat(500),
                    "9".repeat(1000),
                    "0." + "9".repeat(998),
                    "9".repeat(990) + "e-1000",
                    "9".repeat(990) + "e-996",
                    "9".repeat(990) + "e9000",
                    "1e9999",
                    "-1e-9999",
                    "{\"" + "k".repeat(4096) + "\":1}",
                    "\"" + "a".repeat(JsonLimits.MAX_BYTES - 2) + "\""
                }) {
            JsonNode sent = ExactJson.read(json.getBytes(UTF_8));

            String item = "{\"metadata\":{\"a\":%s}}".formatted(ExactJson.toJson(sent).text());

            assertThat(ExactJson.readObject(item).at("/metadata/a")).isEqualTo(sent);
        }
    }
}
