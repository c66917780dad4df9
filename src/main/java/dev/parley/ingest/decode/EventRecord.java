package dev.parley.ingest.decode;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/** A record as its decoders see it. Its value is parsed once, however many look into it. */
public final class EventRecord {

    /**
     * A header of records that were published again: when the platform gave the record to Kafka, in
     * milliseconds since 1970.
     */
    public static final String FIRST_PUBLISHED_AT = "dead-letter-timestamp";

    /** Up to the year 9999. */
    private static final Pattern MILLIS = Pattern.compile("[0-9]{1,14}");

    private final ConsumerRecord<byte[], byte[]> received;
    private final UnreadFields unread = new UnreadFields();
    private @Nullable JsonNode json;
    private boolean gaveTheTime;

    public EventRecord(ConsumerRecord<byte[], byte[]> received) {
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
        Instant timestamp =
                publishedAt()
                        .orElseThrow(
                                () ->
                                        new UndecodableException(
                                                "no time, and the record's timestamp is not from"
                                                        + " the year 1970 to 9999"));
        gaveTheTime = true;
        return timestamp;
    }

    /** The same; empty if that is no time that an event can have. */
    Optional<Instant> publishedAt() {
        return Optional.of(Instant.ofEpochMilli(publishedMillis())).filter(EventTimes::isKept);
    }

    /**
     * In milliseconds since 1970, as Kafka has it. What a record says of an earlier publication is
     * believed only where that came before: anybody may write the header, and a later time would
     * let an event from the future pass.
     */
    public long publishedMillis() {
        long ofRecord = received.timestamp();
        return header(FIRST_PUBLISHED_AT)
                .filter(text -> MILLIS.matcher(text).matches())
                .map(Long::parseLong)
                .filter(earlier -> earlier < ofRecord)
                .orElse(ofRecord);
    }

    /** The key as {@link RecordText} reads it; empty where there is none, or no text in it. */
    Optional<String> key() {
        return RecordText.ofKey(received.key());
    }

    /** The newest header of that name as text; empty as for {@link #key}. */
    public Optional<String> header(String name) {
        Header header = received.headers().lastHeader(name);
        return header == null ? Optional.empty() : RecordText.of(header.value());
    }

    /** All headers, in their order. */
    Headers headers() {
        return received.headers();
    }

    /**
     * The value, a JSON object.
     *
     * @throws UndecodableException if it is none
     */
    JsonNode object() {
        if (json == null) {
            json = RecordValue.object(received.value());
        }
        return json;
    }

    /** Fields of that object, which note in this record what can't be read. */
    EventFields fields(JsonNode object) {
        return new EventFields(object, unread);
    }

    UnreadFields unread() {
        return unread;
    }

    /** Whether the record's timestamp had to stand in for the event's own time. */
    boolean gaveTheTime() {
        return gaveTheTime;
    }
}
