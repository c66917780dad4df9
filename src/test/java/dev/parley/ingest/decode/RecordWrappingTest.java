package dev.parley.ingest.decode;

import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.session.SessionEvent;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.HexFormat;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests that keys and values are read without what serializers and connectors put around them. */
class RecordWrappingTest {

    private static final String TURN =
            "{\"occurredAt\":\"2026-11-22T10:00:00Z\",\"role\":\"user\",\"content\":\"hi\"}";

    private final DecoderHarness decoded = new DecoderHarness();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "s-1 | s-1",
                "\"s-1\" | s-1",
                "\"a \\\"b\\\" \\u00e9\" | a \"b\" é",
                "\"open | \"open",
                "42 | 42",
                "{\"schema\":{\"type\":\"string\"},\"payload\":\"s-1\"} | s-1",
                "{\"schema\":null,\"payload\":42} | 42",
                "{curly} | {curly}",
            })
    void wrappedKey_isUnwrapped(String key, String sessionId) {
        assertThat(sessionId(key.getBytes(UTF_8), TURN.getBytes(UTF_8))).isEqualTo(sessionId);
    }

    @ParameterizedTest
    @CsvSource({
        "000000000773 2d31", // Schema Registry's prefix before s-1
        "0000000000000007", // a long
        "7300", // a NUL in it
        "730a2d31",
        "7f",
        "c285",
        "22735c6e31 22", // "s\n1"
        "2222", // ""
        "7b22736368656d61223a7b7d2c227061796c6f6164223a7b7d7d", // an envelope around an object
    })
    void keyThatIsNotPlainText_namesNoSession(String hex) {
        byte[] key = HexFormat.of().parseHex(hex.replace(" ", ""));

        assertThatThrownBy(() -> sessionId(key, TURN.getBytes(UTF_8))).hasMessage("no sessionId");
        assertThatThrownBy(() -> sessionId(key, null))
                .hasMessage("no value, and no session id as its key");
    }

    @Test
    void valueAfterSchemaRegistrysPrefix_isRead() {
        byte[] prefixed = ("\0\0\0\1\7" + TURN).getBytes(UTF_8);

        assertThat(sessionId("s-1".getBytes(UTF_8), prefixed)).isEqualTo("s-1");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"schema\":null,\"payload\":%s}",
                "{\"payload\":%s,\"schema\":{\"type\":\"struct\",\"fields\":[]}}",
            })
    void valueInConnectsEnvelope_isRead(String envelope) {
        String asText = "\"" + TURN.replace("\"", "\\\"") + "\"";

        assertThat(sessionId("s-1".getBytes(UTF_8), envelope.formatted(TURN).getBytes(UTF_8)))
                .isEqualTo("s-1");
        assertThat(sessionId("s-1".getBytes(UTF_8), envelope.formatted(asText).getBytes(UTF_8)))
                .isEqualTo("s-1");
    }

    @Test
    void valueInAnotherFormat_isRefusedWithTheNameOfTheFormat() throws IOException {
        assertRefused(gzip(TURN), "gzip, not JSON");
        assertRefused(hex("4f626a0104166176726f"), "an Avro file, not JSON");
        assertRefused(hex("c301aabbccdd0011223306732d31"), "Avro, not JSON");
        assertRefused(
                hex("000000002a0206732d310875736572"),
                "Avro or Protobuf after Schema Registry's prefix, not JSON");
        assertRefused(hex("0a03732d31120475736572"), "binary, as Avro and Protobuf are, not JSON");
        assertRefused(hex("06732d31087573657204"), "binary, as Avro and Protobuf are, not JSON");
        assertRefused(TURN.getBytes(UTF_16), "not valid UTF-8");
    }

    @Test
    void almostValidJson_isRefusedWithTheReason() {
        String doubleJson = "\"" + TURN.replace("\"", "\\\"") + "\"";

        assertRefused(doubleJson.getBytes(UTF_8), "double JSON: an object in a JSON string");
        assertRefused(
                "{\"schema\":null,\"payload\":null}".getBytes(UTF_8),
                "nothing in Kafka Connect's envelope");
        for (String number : new String[] {"NaN", "Infinity", "-Infinity"}) {
            assertRefused(
                    ("{\"score\":" + number + "}").getBytes(UTF_8),
                    "NaN or Infinity, which JSON doesn't have,");
        }
        assertRefused("nothing".getBytes(UTF_8), "not valid JSON at byte 0");
    }

    private void assertRefused(byte[] value, String reason) {
        assertThatThrownBy(() -> sessionId("s-1".getBytes(UTF_8), value))
                .isInstanceOf(UndecodableException.class)
                .hasMessageStartingWith(reason);
    }

    private String sessionId(byte[] key, byte @Nullable [] value) {
        return decoded.event(key, value, Map.of()).map(SessionEvent::sessionId).orElseThrow();
    }

    private static byte[] gzip(String text) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write(text.getBytes(UTF_8));
        }
        return bytes.toByteArray();
    }

    private static byte[] hex(String bytes) {
        return HexFormat.of().parseHex(bytes);
    }
}
