package dev.parley.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.parley.ingest.decode.EventRecord;
import dev.parley.ingest.decode.UndecodableException;
import dev.parley.session.SessionId;
import io.smallrye.mutiny.Uni;
import io.smallrye.reactive.messaging.MutinyEmitter;
import io.smallrye.reactive.messaging.kafka.api.OutgoingKafkaRecordMetadata;
import jakarta.enterprise.context.ApplicationScoped;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.eclipse.microprofile.reactive.messaging.Channel;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.eclipse.microprofile.reactive.messaging.Metadata;
import org.jspecify.annotations.Nullable;

/**
 * Writes records that can never be stored to the dead-letter topic. A dead letter has the record's
 * key, value and headers, plus headers that give the reason and the record's topic, partition,
 * offset and time. The names of these headers are those of SmallRye's own dead-letter queue.
 */
@ApplicationScoped
public class DeadLetters {

    /** The prefix of all headers that only a dead letter has. */
    public static final String PREFIX = "dead-letter-";

    /**
     * The header that states which part of the record the dead letter does not contain, and why.
     */
    public static final String OMITTED = PREFIX + "omitted";

    /**
     * The longest key, in bytes, that a dead letter without its record keeps: that of a session id.
     */
    private static final int MAX_KEY_BYTES = SessionId.MAX_BYTES;

    /**
     * An empty value, not null. A dead letter with a null value would be a tombstone if somebody
     * published it by hand.
     */
    private static final byte[] NO_VALUE = {};

    private final MutinyEmitter<byte @Nullable []> topic;

    DeadLetters(@Channel("dead-letters") MutinyEmitter<byte @Nullable []> topic) {
        this.topic = topic;
    }

    /**
     * Writes a record to the dead-letter topic. Completes when the broker has it; may be subscribed
     * to again after a failure. If the topic refuses the record as too large, which can happen to a
     * compressed one, the dead letter is written without the record's value and headers. Its own
     * headers name the record's topic, partition and offset. No record may block its partition
     * forever.
     */
    Uni<Void> add(ConsumerRecord<byte[], byte[]> rejected, UndecodableException why) {
        byte[] key = rejected.key();
        byte[] shortKey = key == null || key.length == 0 || key.length > MAX_KEY_BYTES ? null : key;
        OmittedContent omitted = OmittedContent.of(rejected);
        if (omitted != null) {
            return send(shortKey, NO_VALUE, headersOfOmitted(rejected, omitted, why));
        }
        return send(key, rejected.value(), headers(rejected, why))
                .onFailure(RecordTooLargeException.class)
                .recoverWithUni(
                        () -> send(shortKey, NO_VALUE, headersWithoutRecord(rejected, why)));
    }

    private Uni<Void> send(byte @Nullable [] key, byte @Nullable [] value, Headers headers) {
        OutgoingKafkaRecordMetadata<byte[]> metadata =
                OutgoingKafkaRecordMetadata.<byte[]>builder()
                        .withKey(key)
                        .withHeaders(headers)
                        .build();
        return Uni.createFrom()
                .deferred(() -> topic.sendMessage(Message.of(value, Metadata.of(metadata))));
    }

    /**
     * Returns the headers of a dead letter: those of the record, and those that give the reason.
     */
    public static Headers headers(
            ConsumerRecord<byte[], byte[]> rejected, UndecodableException why) {
        Headers headers = headersOfRecord(rejected);
        putReason(headers, rejected, why);
        return headers;
    }

    /**
     * Returns the headers of a record without those that only a dead letter has. Only Parley may
     * set these, but any publisher can write headers with such names.
     */
    public static Headers headersOfRecord(ConsumerRecord<byte[], byte[]> record) {
        Headers headers = new RecordHeaders();
        for (Header header : record.headers()) {
            if (!(header instanceof OmittedContent) && !header.key().startsWith(PREFIX)) {
                headers.add(header);
            }
        }
        return headers;
    }

    /**
     * Returns the headers of a dead letter whose record was not kept in memory: those that are left
     * of the record, and those that give the reason.
     */
    private static Headers headersOfOmitted(
            ConsumerRecord<byte[], byte[]> rejected,
            OmittedContent omitted,
            UndecodableException why) {
        String part =
                switch (omitted) {
                    case TOO_LARGE -> "value: larger than Parley accepts";
                    case DEFERRED -> "the whole record: no longer in its topic";
                };
        Headers headers = headers(rejected, why);
        headers.add(OMITTED, part.getBytes(UTF_8));
        return headers;
    }

    /**
     * Returns the headers of a dead letter that contains neither the value nor the headers of its
     * record.
     */
    public static Headers headersWithoutRecord(
            ConsumerRecord<byte[], byte[]> rejected, UndecodableException why) {
        Headers headers = new RecordHeaders();
        putReason(headers, rejected, why);
        headers.add(OMITTED, "value and headers: larger than this topic accepts".getBytes(UTF_8));
        return headers;
    }

    private static void putReason(
            Headers headers, ConsumerRecord<byte[], byte[]> rejected, UndecodableException why) {
        Throwable cause = why.getCause();
        put(headers, "reason", why.getMessage());
        put(headers, "cause", cause == null ? null : cause.getClass().getName());
        put(headers, "topic", rejected.topic());
        put(headers, "partition", Integer.toString(rejected.partition()));
        put(headers, "offset", Long.toString(rejected.offset()));
        headers.add(
                EventRecord.FIRST_PUBLISHED_AT,
                Long.toString(new EventRecord(rejected).publishedMillis()).getBytes(UTF_8));
    }

    private static void put(Headers headers, String name, @Nullable String value) {
        if (value != null) {
            headers.add(PREFIX + name, value.getBytes(UTF_8));
        }
    }
}
