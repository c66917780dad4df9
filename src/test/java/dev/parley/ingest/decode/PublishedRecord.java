package dev.parley.ingest.decode;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/**
 * A record as a platform publishes it.
 *
 * @param value its JSON; a JSON null means that the record has no value
 */
public record PublishedRecord(@Nullable String key, Map<String, String> headers, JsonNode value) {

    static final Instant RECORDED_AT = Instant.parse("2026-11-22T12:00:00Z");

    /** Writes escapes, because half a surrogate pair can only be written as an escape. */
    private static final JsonMapper ESCAPING =
            JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

    public PublishedRecord {
        headers = Map.copyOf(headers);
    }

    PublishedRecord withKey(@Nullable String other) {
        return new PublishedRecord(other, headers, value);
    }

    PublishedRecord withHeaders(Map<String, String> others) {
        return new PublishedRecord(key, others, value);
    }

    PublishedRecord withValue(JsonNode other) {
        return new PublishedRecord(key, headers, other);
    }

    String valueAsJson() {
        return json(value);
    }

    static String json(Object value) {
        try {
            return ESCAPING.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the record as a consumer receives it from Kafka. */
    EventRecord received() {
        Headers sent = new RecordHeaders();
        headers.forEach((name, text) -> sent.add(name, text.getBytes(UTF_8)));
        ConsumerRecord<byte[], byte[]> received =
                ParleyEventDecoderTest.received(
                        Optional.ofNullable(key).map(text -> text.getBytes(UTF_8)).orElse(null),
                        value.isNull() ? null : valueAsJson().getBytes(UTF_8),
                        RECORDED_AT,
                        sent);
        return new EventRecord(received);
    }
}
