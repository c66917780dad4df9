package dev.parley.ingest.decode;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/** Creates records by random changes of valid ones: first of the JSON, then of its bytes. */
final class FuzzedRecords {

    /** A part of all random content. A reason must not quote it. */
    static final String MARKER = "sEcReT";

    private static final String RAW = "@raw@";
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private static final List<String> NUMBERS =
            List.of(
                    "0",
                    "-0",
                    "-0.0",
                    "-1",
                    "1e400",
                    "1e9999",
                    "1e10000",
                    "1e-9999",
                    "1e999999999",
                    "1e-2147483648",
                    "1e99999999999",
                    "9223372036854775807",
                    "9223372036854775808",
                    "-9223372036854775809",
                    "100000000000",
                    "100000000001",
                    "253402300800",
                    "1795342394.1430557",
                    "9".repeat(1000),
                    "9".repeat(1001),
                    "9".repeat(990) + "e-996",
                    "NaN",
                    "Infinity",
                    "1.",
                    ".5",
                    "01",
                    "0x7f");

    private static final List<String> TEXTS =
            List.of(
                    "",
                    " ",
                    "turn",
                    "session.updated",
                    "session.ended",
                    "session.deleted",
                    "user",
                    "assistant",
                    "slot",
                    "bot",
                    "1.0",
                    "x#p7",
                    "x#p7.1",
                    "__proto__",
                    "\u0000",
                    "\ud800",
                    "\udc00x",
                    "\uffff",
                    "\u202e",
                    "😀",
                    "2026-11-22T10:00:00Z",
                    "1969-12-31T23:59:59Z",
                    "+292278994-08-17T07:12:55Z",
                    "9999-12-31T23:59:59Z",
                    "yesterday");

    /** Sorted, because the order of a set differs and a seed must repeat the same run. */
    private static final List<String> NAMES =
            Stream.concat(
                            EventMapper.KNOWN.stream().sorted(),
                            Stream.of(
                                    "sender_id",
                                    "event",
                                    "timestamp",
                                    "text",
                                    "message_id",
                                    "input_channel",
                                    "parse_data",
                                    "name",
                                    "value",
                                    "specversion",
                                    "id",
                                    "source",
                                    "subject",
                                    "time",
                                    "data",
                                    "data_base64",
                                    "",
                                    "#a",
                                    ":v",
                                    MARKER))
                    .toList();

    private static final List<Instant> TIMES =
            List.of(
                    PublishedRecord.RECORDED_AT,
                    Instant.ofEpochMilli(-1),
                    Instant.EPOCH,
                    Instant.ofEpochMilli(Long.MAX_VALUE),
                    Instant.ofEpochMilli(Long.MIN_VALUE));

    private final Random random;
    private final List<PublishedRecord> samples;

    FuzzedRecords(List<PublishedRecord> samples, Random random) {
        this.samples = samples;
        this.random = random;
    }

    ConsumerRecord<byte[], byte[]> next() {
        PublishedRecord sample = pickOne(samples);
        JsonNode value = sample.value().deepCopy();
        for (int changes = random.nextInt(4); changes > 0; changes--) {
            value = changed(value);
        }
        byte[] bytes = unquotedNumbers(PublishedRecord.json(value)).getBytes(UTF_8);
        for (int changes = random.nextInt(8) - 5; changes > 0; changes--) {
            bytes = changed(bytes);
        }
        return ParleyEventDecoderTest.received(
                key(), random.nextInt(50) == 0 ? null : bytes, time(), headers(sample.headers()));
    }

    private Instant time() {
        return random.nextInt(10) == 0 ? pickOne(TIMES) : PublishedRecord.RECORDED_AT;
    }

    private byte @Nullable [] key() {
        return switch (random.nextInt(10)) {
            case 0 -> null;
            case 1 -> bytes();
            case 2 -> text().getBytes(UTF_8);
            default -> "s-42".getBytes(UTF_8);
        };
    }

    private Headers headers(Map<String, String> sample) {
        Headers headers = new RecordHeaders();
        sample.forEach(
                (name, text) -> {
                    int how = random.nextInt(20);
                    if (how == 0) {
                        headers.add(name, bytes());
                    } else if (how == 1) {
                        headers.add(name, text().getBytes(UTF_8));
                    } else if (how > 2) {
                        headers.add(name, text.getBytes(UTF_8));
                    }
                });
        if (random.nextInt(20) == 0) {
            headers.add(pickOne(List.of("content-type", "ce_specversion", "ce_type")), bytes());
        }
        return headers;
    }

    /** Replaces, renames or removes one value anywhere in the JSON. */
    private JsonNode changed(JsonNode root) {
        List<JsonNode> containers = new ArrayList<>();
        collect(root, containers);
        if (containers.isEmpty()) {
            return randomNode();
        }
        JsonNode at = pickOne(containers);
        if (at instanceof ArrayNode array) {
            if (random.nextBoolean() && !array.isEmpty()) {
                array.set(random.nextInt(array.size()), randomNode());
            } else {
                array.add(randomNode());
            }
            return root;
        }
        ObjectNode object = (ObjectNode) at;
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        String name = names.isEmpty() ? pickOne(NAMES) : pickOne(names);
        switch (random.nextInt(5)) {
            case 0 -> object.remove(name);
            case 1 -> object.set(pickOne(NAMES), object.remove(name));
            case 2 -> object.set(pickOne(NAMES), randomNode());
            case 3 -> object.set(name, pickOne(containers).deepCopy());
            default -> object.set(name, randomNode());
        }
        return root;
    }

    private static void collect(JsonNode node, List<JsonNode> containers) {
        if (node.isContainerNode()) {
            containers.add(node);
            node.forEach(child -> collect(child, containers));
        }
    }

    private JsonNode randomNode() {
        return switch (random.nextInt(9)) {
            case 0 -> NODES.nullNode();
            case 1 -> NODES.booleanNode(random.nextBoolean());
            case 2, 3 -> NODES.textNode(RAW + pickOne(NUMBERS) + RAW);
            case 4 -> NODES.objectNode().put(text(), text());
            case 5 -> NODES.arrayNode().add(text()).addNull();
            case 6 ->
                    nested(random.nextInt(20) == 0 ? 480 + random.nextInt(40) : random.nextInt(8));
            case 7 -> NODES.textNode("x".repeat(1 << random.nextInt(12)));
            default -> NODES.textNode(text());
        };
    }

    private JsonNode nested(int levels) {
        JsonNode node = NODES.textNode(MARKER);
        for (int i = 0; i < levels; i++) {
            node = i % 3 == 0 ? NODES.objectNode().set(MARKER, node) : NODES.arrayNode().add(node);
        }
        return node;
    }

    private String text() {
        return random.nextBoolean() ? pickOne(TEXTS) : MARKER + pickOne(TEXTS);
    }

    /** Writes numbers without quotes. Jackson would not accept many of them as numbers. */
    private static String unquotedNumbers(String json) {
        return json.replace("\"" + RAW, "").replace(RAW + "\"", "");
    }

    private byte[] changed(byte[] bytes) {
        int at = random.nextInt(bytes.length + 1);
        int to = Math.min(bytes.length, at + random.nextInt(20));
        return switch (random.nextInt(6)) {
            case 0 -> joined(Arrays.copyOf(bytes, at), bytes());
            case 1 -> Arrays.copyOf(bytes, at);
            case 2 -> joined(Arrays.copyOf(bytes, to), Arrays.copyOfRange(bytes, at, bytes.length));
            case 3 -> joined(Arrays.copyOf(bytes, at), Arrays.copyOfRange(bytes, to, bytes.length));
            case 4 -> {
                byte[] other = PublishedRecord.json(pickOne(samples).value()).getBytes(UTF_8);
                int from = random.nextInt(other.length);
                yield joined(
                        Arrays.copyOf(bytes, at), Arrays.copyOfRange(other, from, other.length));
            }
            default -> {
                byte[] flipped = bytes.clone();
                if (at < bytes.length) {
                    flipped[at] ^= (byte) (1 << random.nextInt(8));
                }
                yield flipped;
            }
        };
    }

    private byte[] bytes() {
        byte[] bytes = new byte[random.nextInt(6)];
        random.nextBytes(bytes);
        return joined(MARKER.getBytes(ISO_8859_1), bytes);
    }

    private static byte[] joined(byte[] first, byte[] second) {
        byte[] joined = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, joined, first.length, second.length);
        return joined;
    }

    private <T> T pickOne(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }
}
