package dev.parley.ingest.decode;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.dynamodb.PlannedEvent;
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
 * Records by the thousand that a dice has spoilt: each is decoded, of no interest, or refused for a
 * reason that quotes nothing of it; and what is decoded can be planned, stored and read again.
 *
 * <p>The seed is printed; {@code -Dparley.seed=…} repeats a run, {@code -Dparley.fuzz.events=…}
 * makes it longer.
 */
@Tag("slow")
class DecoderFuzzTest {

    private static final long SEED = Long.getLong("parley.seed", System.nanoTime());
    private static final int EVENTS = Integer.getInteger("parley.fuzz.events", 10_000);
    private static final int CHUNK = 1_000;

    /** For a chunk, a thousand times what it takes: only what hangs doesn't make it. */
    private static final Duration FOREVER = Duration.ofMinutes(2);

    private final EventDecoders decoders = AllDecoders.inOrder();
    private final PlannedEvent planned = new PlannedEvent();
    private final Map<String, Integer> fates = new TreeMap<>();
    private int decoded;
    private int refused;

    @Test
    void record_howeverSpoilt_hasOneFate() throws Exception {
        System.out.printf("DecoderFuzzTest: -Dparley.seed=%d%n", SEED);
        FuzzedRecords records = new FuzzedRecords(samples(), new Random(SEED));
        for (int done = 0; done < EVENTS; done += CHUNK) {
            assertTimeoutPreemptively(
                    FOREVER,
                    () -> {
                        for (int i = 0; i < CHUNK; i++) {
                            tally(records.next());
                        }
                    });
        }

        int total = Math.ceilDiv(EVENTS, CHUNK) * CHUNK;
        fates.forEach((fate, count) -> System.out.printf("%8d %s%n", count, fate));
        assertThat(fates.values().stream().mapToInt(Integer::intValue).sum()).isEqualTo(total);
        assertThat(decoded).isGreaterThan(total / 10);
        assertThat(refused).isGreaterThan(total / 10);
        assertThat(fates)
                .containsKeys(
                        "ignored", "not valid UTF-8", "a number with an exponent beyond 9999");
    }

    private void tally(ConsumerRecord<byte[], byte[]> record) {
        try {
            fates.merge(fate(record), 1, Integer::sum);
        } catch (RuntimeException | AssertionError e) {
            byte[] value = record.value();
            throw new AssertionError(
                    "by the record "
                            + (value == null ? "" : HexFormat.of().formatHex(value))
                            + " with "
                            + record.headers(),
                    e);
        }
    }

    private String fate(ConsumerRecord<byte[], byte[]> record) {
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
            for (Header header : DeadLetters.headersAlone(record, why)) {
                assertThat(new String(header.value(), UTF_8))
                        .doesNotContainIgnoringCase(FuzzedRecords.MARKER)
                        .hasSizeLessThan(200);
            }
            return requireNonNull(why.getMessage()).replaceFirst(" at byte \\d+$", "");
        }
    }

    /** Of all formats; what is structured in the file comes in binary mode, too. */
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
                requireNonNull(DecoderFuzzTest.class.getResourceAsStream("/events/" + file))) {
            return new String(in.readAllBytes(), UTF_8)
                    .lines()
                    .map(EventContractTest::parsed)
                    .toList();
        }
    }
}
