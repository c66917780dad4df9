package dev.parley.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.json.ExactJson;
import dev.parley.json.RefusedJsonException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/** A record as its decoders see it. Its value is parsed once, however many look into it. */
final class EventRecord {

    /** Up to the year 9999. */
    private static final Pattern MILLIS = Pattern.compile("[0-9]{1,14}");

    private final ConsumerRecord<byte[], byte[]> received;
    private @Nullable JsonNode json;

    EventRecord(ConsumerRecord<byte[], byte[]> received) {
        this.received = received;
    }

    boolean hasValue() {
        return received.value() != null;
    }

    /**
     * When the platform gave the record to Kafka, were it put back since.
     *
     * @throws UndecodableException if that is no time that an event can have; a producer may leave
     *     it out, which Kafka tells as -1
     */
    Instant timestamp() {
        return publishedAt()
                .orElseThrow(
                        () ->
                                new UndecodableException(
                                        "no time, and the record's timestamp is not from the year"
                                                + " 1970 to 9999"));
    }

    /** The same; empty if that is no time that an event can have. */
    Optional<Instant> publishedAt() {
        return Optional.of(Instant.ofEpochMilli(publishedMillis())).filter(EventFields::isKept);
    }

    /**
     * In milliseconds since 1970, as Kafka has it. What a record says of an earlier publication is
     * believed only where that came before: anybody may write the header, and a later time would
     * let an event from the future pass.
     */
    long publishedMillis() {
        long ofRecord = received.timestamp();
        return header(DeadLetters.TIMESTAMP)
                .filter(text -> MILLIS.matcher(text).matches())
                .map(Long::parseLong)
                .filter(earlier -> earlier < ofRecord)
                .orElse(ofRecord);
    }

    /** The key as text; empty where there is none, nothing in it, or no text in it. */
    Optional<String> key() {
        return text(received.key());
    }

    /** The newest header of that name as text; empty as for {@link #key}. */
    Optional<String> header(String name) {
        Header header = received.headers().lastHeader(name);
        return header == null ? Optional.empty() : text(header.value());
    }

    /**
     * The newest header of that name as text; empty where there is none, or nothing in it.
     *
     * @throws UndecodableException if there is no text in it
     */
    Optional<String> textHeader(String name) {
        Header header = received.headers().lastHeader(name);
        Optional<String> text = header(name);
        if (text.isEmpty()
                && header != null
                && header.value() != null
                && header.value().length > 0) {
            throw new UndecodableException("the header " + name + " is not valid UTF-8");
        }
        return text;
    }

    /**
     * The value, a JSON object.
     *
     * @throws UndecodableException if it is none
     */
    JsonNode object() {
        if (json == null) {
            json = object(received.value());
        }
        return json;
    }

    private static JsonNode object(byte @Nullable [] value) {
        try {
            JsonNode node = ExactJson.read(value == null ? new byte[0] : value);
            if (node.isObject()) {
                return node;
            }
        } catch (RefusedJsonException e) {
            throw new UndecodableException(requireNonNull(e.getMessage()));
        }
        throw new UndecodableException("not a JSON object");
    }

    private static Optional<String> text(byte @Nullable [] utf8) {
        if (utf8 == null || utf8.length == 0) {
            return Optional.empty();
        }
        try {
            return Optional.of(UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8)).toString());
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }
}
