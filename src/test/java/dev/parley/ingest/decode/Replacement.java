package dev.parley.ingest.decode;

import static dev.parley.ingest.decode.EventContractIT.parsed;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A value that replaces that of a field or a header.
 *
 * @param value the new value; a missing node removes the field
 * @param gap why the document and the decoders may differ about it; null if they may not
 */
record Replacement(JsonNode value, @Nullable ContractGap gap) {

    private static final String PROFILE =
            "{\"a\":[1,{\"b\":null,\"\":\"\"}],\"c\":1e400,\"d\":null}";

    /** Returns values for every field: all kinds of JSON, and the edge cases of single fields. */
    static List<Replacement> all() {
        List<Replacement> all = new ArrayList<>();
        all.add(new Replacement(MissingNode.getInstance(), null));
        for (String json : List.of("null", "true", "[]", "[1,{}]", "{}", "{\"\":1}", PROFILE)) {
            all.add(new Replacement(parsed(json), null));
        }
        numbers(all);
        ids(all);
        times(all);
        for (String text :
                List.of(
                        "turn",
                        "Turn",
                        "return",
                        "a.turn",
                        "a.turn ",
                        "a.turn\n",
                        "a.turn.v1",
                        "a.turn.v1.2",
                        "a.turn.v",
                        "a.session.ended/v2",
                        "a-turn",
                        ".session.ended",
                        "a.session.updated",
                        "a.session.deleted",
                        "session.updated",
                        "session.deleted",
                        "session.opened",
                        "user",
                        "USER",
                        "assistant",
                        "system",
                        "tool",
                        "bot",
                        "human_agent",
                        "agent",
                        "slot",
                        "session_started",
                        "restart",
                        "session_ended",
                        "action",
                        "1.0",
                        "0.3",
                        "application/json",
                        "application/cloudevents+json",
                        "application/cloudevents+json; charset=utf-8",
                        "application/cloudevents-batch+json",
                        "application/cloudevents+avro")) {
            all.add(text(text, null));
        }
        all.add(text("Application/CloudEvents+JSON", ContractGap.MEDIA_TYPE_IN_CAPITALS));
        return List.copyOf(all);
    }

    private static void numbers(List<Replacement> all) {
        for (String json :
                List.of(
                        "0",
                        "1",
                        "-1",
                        "1.5",
                        "-0.5",
                        "253402300799",
                        "253402300799.5",
                        "253402300800",
                        "100000000000",
                        "100000000001",
                        "1e11",
                        "1" + "0".repeat(30),
                        "1.0",
                        "0.00",
                        "1e3",
                        "1e-3")) {
            all.add(new Replacement(parsed(json), null));
        }
        // The decoders accept these numbers as times, in seconds and in nanoseconds.
        for (String json :
                List.of("1795342394.1430557", "9223372036854775807", "9223372036854775808")) {
            all.add(new Replacement(parsed(json), ContractGap.TIME_IN_ANOTHER_FORM));
        }
    }

    private static void ids(List<Replacement> all) {
        for (String text :
                List.of(
                        "",
                        " ",
                        ".",
                        "..",
                        "s-42",
                        "s#p7",
                        "s#part7",
                        "s#part",
                        "s#profile",
                        "s#profiles",
                        "#p7",
                        "a\nb#p7",
                        "s#p7.12.3",
                        "s#p7.",
                        "s#p7\n",
                        "s#p7x",
                        "s#p",
                        "s#p٣",
                        "s#P7",
                        "x".repeat(512),
                        "x".repeat(513),
                        "x".repeat(1024),
                        "x".repeat(1025),
                        "é".repeat(512),
                        "😀".repeat(256))) {
            all.add(text(text, null));
        }
        all.add(text("é".repeat(513), ContractGap.LENGTH_BEYOND_ASCII));
        all.add(text("😀".repeat(257), ContractGap.LENGTH_BEYOND_ASCII));
        all.add(text("\ud83d", ContractGap.HALF_A_SURROGATE_PAIR));
        all.add(text("a\ude00b", ContractGap.HALF_A_SURROGATE_PAIR));
        all.add(
                new Replacement(
                        parsed("{\"a\":[\"\\ud83d\"]}"), ContractGap.HALF_A_SURROGATE_PAIR));
    }

    private static void times(List<Replacement> all) {
        for (String text :
                List.of(
                        "2026-11-22T10:15:30Z",
                        "2026-11-22T10:15:30.1Z",
                        "2026-11-22T10:15:30.123456789Z",
                        "2026-11-22T10:15:30+01:00",
                        "2026-11-22T10:15:30-18:00",
                        "2026-11-22T10:15:30+18:01",
                        "2026-11-22T10:15:30+01:60",
                        " 2026-11-22T10:15:30Z",
                        "2026-11-22T10:15:30Z\n",
                        "2026-11-22",
                        "2026-11-31T10:15:30Z",
                        "2026-13-01T10:15:30Z",
                        "2026-00-10T10:15:30Z",
                        "2027-02-29T10:15:30Z",
                        "2028-02-29T10:15:30Z",
                        "2100-02-29T10:15:30Z",
                        "2026-11-22T24:00:00Z",
                        "2026-11-22T10:60:00Z",
                        "2026-12-31T23:59:60Z",
                        "1970-01-01T00:00:00Z",
                        "1969-12-31T23:59:59Z",
                        "9999-12-31T23:59:59Z",
                        "10000-01-01T00:00:00Z",
                        "+10000-01-01T00:00:00Z",
                        "-0001-11-22T10:15:30Z",
                        "0000-11-22T10:15:30Z",
                        "yesterday")) {
            all.add(text(text, null));
        }
        for (String text :
                List.of(
                        "9999-12-31T23:59:59.5Z",
                        "9999-12-31T23:30:00-01:00",
                        "1970-01-01T00:30:00+01:00",
                        "1969-12-31T23:30:00-01:00")) {
            all.add(text(text, ContractGap.EDGE_OF_THE_YEARS));
        }
        for (String text :
                List.of(
                        "2026-11-22T10:15Z",
                        "2026-11-22T10:15:30.1234567890Z",
                        "2026-11-22T10:15:30,5Z",
                        "2026-11-22T10:15:30",
                        "2026-11-22 10:15:30Z",
                        "20261122T101530+0100",
                        "1795342394",
                        "2026-11-22T10:15:30.Z",
                        "2026-11-22t10:15:30z",
                        "2026-11-22T10:15:30+01",
                        "2026-11-22T10:15:30+0100",
                        "2026-11-22T10:15:30+01:00:30")) {
            all.add(text(text, ContractGap.TIME_IN_ANOTHER_FORM));
        }
    }

    private static Replacement text(String text, @Nullable ContractGap gap) {
        return new Replacement(TextNode.valueOf(text), gap);
    }
}
