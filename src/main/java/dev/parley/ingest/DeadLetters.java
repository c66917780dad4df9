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
 * Sets aside what can never be stored: the record as it came, key, value and headers, and headers
 * that say why and where it was. Their names are those of SmallRye's own dead-letter queue.
 */
@ApplicationScoped
public class DeadLetters {

    public static final String PREFIX = "dead-letter-";

    /** Says that the record itself is not in its dead letter, being too large. */
    public static final String OMITTED = PREFIX + "omitted";

    /** Of a key that is worth keeping where the record is not: that of a session. */
    private static final int MAX_KEY_BYTES = SessionId.MAX_BYTES;

    /** Not none: put back by hand, that would be a tombstone. */
    private static final byte[] NO_VALUE = {};

    private final MutinyEmitter<byte @Nullable []> topic;

    DeadLetters(@Channel("dead-letters") MutinyEmitter<byte @Nullable []> topic) {
        this.topic = topic;
    }

    /**
     * Completes when the broker has the record; may be subscribed to again after a failure. A
     * record that the topic doesn't take, which a compressed one can be, is set aside without what
     * was in it: where it is says the dead letter, and no record may hold up its partition for
     * good.
     */
    Uni<Void> add(ConsumerRecord<byte[], byte[]> poison, UndecodableException why) {
        byte[] key = poison.key();
        byte[] shortKey = key == null || key.length == 0 || key.length > MAX_KEY_BYTES ? null : key;
        NotHeld notHeld = NotHeld.of(poison);
        if (notHeld != null) {
            return send(shortKey, NO_VALUE, headersNotHeld(poison, notHeld, why));
        }
        return send(key, poison.value(), headers(poison, why))
                .onFailure(RecordTooLargeException.class)
                .recoverWithUni(() -> send(shortKey, NO_VALUE, headersAlone(poison, why)));
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

    /** Those of the record and those that say why. */
    public static Headers headers(ConsumerRecord<byte[], byte[]> poison, UndecodableException why) {
        Headers headers = ofTheRecord(poison);
        putWhy(headers, poison, why);
        return headers;
    }

    /**
     * Those of a record but those that only a dead letter has: what they say is for Parley alone to
     * say, and anybody may have written them.
     */
    public static Headers ofTheRecord(ConsumerRecord<byte[], byte[]> record) {
        Headers headers = new RecordHeaders();
        for (Header header : record.headers()) {
            if (!(header instanceof NotHeld) && !header.key().startsWith(PREFIX)) {
                headers.add(header);
            }
        }
        return headers;
    }

    /** Those of a dead letter whose record was not kept in memory: what there is of it. */
    private static Headers headersNotHeld(
            ConsumerRecord<byte[], byte[]> poison, NotHeld notHeld, UndecodableException why) {
        String omitted =
                switch (notHeld) {
                    case TOO_LARGE -> "value: larger than Parley takes";
                    case DEFERRED -> "all of it: no longer in its topic";
                };
        Headers headers = headers(poison, why);
        headers.add(OMITTED, omitted.getBytes(UTF_8));
        return headers;
    }

    /** Those of a dead letter that the record is not in. */
    public static Headers headersAlone(
            ConsumerRecord<byte[], byte[]> poison, UndecodableException why) {
        Headers headers = new RecordHeaders();
        putWhy(headers, poison, why);
        headers.add(OMITTED, "value and headers: larger than this topic takes".getBytes(UTF_8));
        return headers;
    }

    private static void putWhy(
            Headers headers, ConsumerRecord<byte[], byte[]> poison, UndecodableException why) {
        Throwable cause = why.getCause();
        put(headers, "reason", why.getMessage());
        put(headers, "cause", cause == null ? null : cause.getClass().getName());
        put(headers, "topic", poison.topic());
        put(headers, "partition", Integer.toString(poison.partition()));
        put(headers, "offset", Long.toString(poison.offset()));
        headers.add(
                EventRecord.FIRST_PUBLISHED_AT,
                Long.toString(new EventRecord(poison).publishedMillis()).getBytes(UTF_8));
    }

    private static void put(Headers headers, String name, @Nullable String value) {
        if (value != null) {
            headers.add(PREFIX + name, value.getBytes(UTF_8));
        }
    }
}
