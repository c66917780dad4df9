package dev.parley.ingest.decode;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.dynamodb.PlannerCheck;
import dev.parley.ingest.DeadLetters;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Tests thousands of randomly changed records: each is decoded, ignored, or refused for a reason
 * that quotes nothing of the record; and each decoded event can be planned, stored and read.
 *
 * <p>The test prints its seed. {@code -Dparley.seed=…} repeats a run, and {@code
 * -Dparley.fuzz.events=…} sets the number of records.
 */
@Tag("slow")
class DecoderFuzzIT {

    private static final long SEED = Long.getLong("parley.seed", System.nanoTime());
    private static final int EVENTS = Integer.getInteger("parley.fuzz.events", 10_000);
    private static final int CHUNK = 1_000;

    /** A thousand times what a chunk usually takes, so that only an endless loop exceeds it. */
    private static final Duration CHUNK_TIMEOUT = Duration.ofMinutes(2);

    private final EventDecoders decoders = AllDecoders.inOrder();
    private final PlannerCheck planned = new PlannerCheck();
    private final Map<String, Integer> results = new TreeMap<>();
    private int decoded;
    private int refused;

    @Test
    void randomlyChangedRecord_hasOneResult() throws Exception {
        System.out.printf("DecoderFuzzIT: -Dparley.seed=%d%n", SEED);
        FuzzedRecords records = new FuzzedRecords(samples(), new Random(SEED));
        for (int done = 0; done < EVENTS; done += CHUNK) {
            assertTimeoutPreemptively(
                    CHUNK_TIMEOUT,
                    () -> {
                        for (int i = 0; i < CHUNK; i++) {
                            count(records.next());
                        }
                    });
        }

        int total = Math.ceilDiv(EVENTS, CHUNK) * CHUNK;
        results.forEach((result, count) -> System.out.printf("%8d %s%n", count, result));
        assertThat(results.values().stream().mapToInt(Integer::intValue).sum()).isEqualTo(total);
        assertThat(decoded).isGreaterThan(total / 10);
        assertThat(refused).isGreaterThan(total / 10);
        assertThat(results)
                .containsKeys(
                        "ignored", "not valid UTF-8", "a number with an exponent beyond 9999");
    }

    private void count(ConsumerRecord<byte[], byte[]> record) {
        try {
            results.merge(result(record), 1, Integer::sum);
        } catch (RuntimeException | AssertionError e) {
            byte[] value = record.value();
            throw new AssertionError(
                    "failed at the record "
                            + (value == null ? "" : HexFormat.of().formatHex(value))
                            + " with "
                            + record.headers(),
                    e);
        }
    }

    private String result(ConsumerRecord<byte[], byte[]> record) {
        try {
            return decoders.decode(new EventRecord(record))
                    .map(
                            event -> {
                                decoded++;
                                return "decoded, " + planned.outcome(event);
                            })
                    .orElse("ignored");
        } catch (UndecodableException why) {
            refused++;
            assertThat(why).hasNoCause().hasNoSuppressedExceptions();
            for (Header header : DeadLetters.headersWithoutRecord(record, why)) {
                assertThat(new String(header.value(), UTF_8))
                        .doesNotContainIgnoringCase(FuzzedRecords.MARKER)
                        .hasSizeLessThan(200);
            }
            return requireNonNull(why.getMessage()).replaceFirst(" at byte \\d+$", "");
        }
    }

    /**
     * Returns records of all formats. The structured CloudEvents are also returned in binary mode.
     */
    private static List<PublishedRecord> samples() throws IOException {
        List<PublishedRecord> samples = new ArrayList<>();
        for (JsonNode event : lines("parley.ndjson")) {
            samples.add(new PublishedRecord("s-42", Map.of(), event));
        }
        for (JsonNode event : lines("rasa.ndjson")) {
            samples.add(new PublishedRecord(null, Map.of(), event));
        }
        for (JsonNode event : lines("cloudevents-structured.ndjson")) {
            samples.add(
                    new PublishedRecord(
                            null, Map.of("content-type", "application/cloudevents+json"), event));
            Map<String, String> headers = new HashMap<>();
            ObjectNode attributes = event.deepCopy();
            JsonNode data = attributes.remove("data");
            attributes
                    .properties()
                    .forEach(a -> headers.put("ce_" + a.getKey(), a.getValue().asText()));
            if (data != null) {
                samples.add(new PublishedRecord("s-42", headers, data));
            }
        }
        return samples;
    }

    private static List<JsonNode> lines(String file) throws IOException {
        try (InputStream in =
                requireNonNull(DecoderFuzzIT.class.getResourceAsStream("/events/" + file))) {
            return new String(in.readAllBytes(), UTF_8)
                    .lines()
                    .map(EventContractIT::parsed)
                    .toList();
        }
    }
}
