package dev.parley.ingest.decode;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/** A record as the decoders see it. Its value is parsed once, however many decoders read it. */
public final class EventRecord {

    /**
     * The header of a dead letter, and of a record that was replayed, that gives the time when the
     * platform published the record to Kafka, in milliseconds since 1970.
     */
    public static final String FIRST_PUBLISHED_AT = "dead-letter-timestamp";

    /** A number of up to 14 digits, which reaches the year 5138. */
    private static final Pattern MILLIS = Pattern.compile("[0-9]{1,14}");

    private final ConsumerRecord<byte[], byte[]> received;
    private final UnreadFields unread = new UnreadFields();
    private @Nullable JsonNode json;
    private boolean usedTimestamp;

    public EventRecord(ConsumerRecord<byte[], byte[]> received) {
        this.received = received;
    }

    boolean hasValue() {
        return received.value() != null;
    }

    /**
     * Returns when the platform published the record to Kafka, even if it was replayed since. The
     * record then counts as the source of the event's time.
     *
     * @throws UndecodableException if the time is not from the year 1970 to 9999; a producer may
     *     leave the timestamp out, which Kafka reports as -1
     */
    Instant timestamp() {
        Instant timestamp =
                publishedAt()
                        .orElseThrow(
                                () ->
                                        new UndecodableException(
                                                "no time, and the record's timestamp is not from"
                                                        + " the year 1970 to 9999"));
        usedTimestamp = true;
        return timestamp;
    }

    /** Returns the same time; empty if it is not from the year 1970 to 9999. */
    Optional<Instant> publishedAt() {
        return Optional.of(Instant.ofEpochMilli(publishedMillis())).filter(EventTimes::isSupported);
    }

    /**
     * Returns when the platform published the record, in milliseconds since 1970, as Kafka reports
     * it. A header that gives the time of an earlier publication counts only if that time is before
     * the record's own timestamp. Any publisher may write this header, and a later time would let
     * an event from the future pass.
     */
    public long publishedMillis() {
        long ofRecord = received.timestamp();
        return header(FIRST_PUBLISHED_AT)
                .filter(text -> MILLIS.matcher(text).matches())
                .map(Long::parseLong)
                .filter(earlier -> earlier < ofRecord)
                .orElse(ofRecord);
    }

    /**
     * Returns the key as {@link RecordText} reads it; empty if there is no key, or no text in it.
     */
    Optional<String> key() {
        return RecordText.ofKey(received.key());
    }

    /**
     * Returns the newest header of that name as text; empty if there is no such header, or no text
     * in it.
     */
    public Optional<String> header(String name) {
        Header header = received.headers().lastHeader(name);
        return header == null ? Optional.empty() : RecordText.of(header.value());
    }

    Headers headers() {
        return received.headers();
    }

    /**
     * Returns the value, which must be a JSON object.
     *
     * @throws UndecodableException if it is not
     */
    JsonNode object() {
        if (json == null) {
            json = RecordValue.object(received.value());
        }
        return json;
    }

    /**
     * Returns the fields of an object of this record. Fields that can't be read are noted in the
     * record.
     */
    EventFields fields(JsonNode object) {
        return new EventFields(object, unread);
    }

    UnreadFields unread() {
        return unread;
    }

    /**
     * Returns whether the record's timestamp was used as the event's time, because the event has
     * none.
     */
    boolean usedTimestamp() {
        return usedTimestamp;
    }
}
