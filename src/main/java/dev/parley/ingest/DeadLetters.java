package dev.parley.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.smallrye.mutiny.Uni;
import io.smallrye.reactive.messaging.MutinyEmitter;
import io.smallrye.reactive.messaging.kafka.api.OutgoingKafkaRecordMetadata;
import jakarta.enterprise.context.ApplicationScoped;
import org.apache.kafka.clients.consumer.ConsumerRecord;
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
class DeadLetters {

    private static final String PREFIX = "dead-letter-";

    /**
     * Says when the platform gave the record to Kafka, in milliseconds since 1970: its copy in the
     * dead-letter topic has a time of its own, or an old record would be deleted there at once.
     * What has no other time goes by it, so that a record that is put back means what it meant.
     */
    static final String TIMESTAMP = PREFIX + "timestamp";

    private final MutinyEmitter<byte @Nullable []> topic;

    DeadLetters(@Channel("dead-letters") MutinyEmitter<byte @Nullable []> topic) {
        this.topic = topic;
    }

    /** Completes when the broker has the record; may be subscribed to again after a failure. */
    Uni<Void> add(ConsumerRecord<byte[], byte[]> poison, UndecodableException why) {
        OutgoingKafkaRecordMetadata<byte[]> metadata =
                OutgoingKafkaRecordMetadata.<byte[]>builder()
                        .withKey(poison.key())
                        .withHeaders(headers(poison, why))
                        .build();
        return Uni.createFrom()
                .deferred(
                        () -> topic.sendMessage(Message.of(poison.value(), Metadata.of(metadata))));
    }

    static Headers headers(ConsumerRecord<byte[], byte[]> poison, UndecodableException why) {
        Headers headers = new RecordHeaders();
        poison.headers().forEach(headers::add);
        Throwable cause = why.getCause();
        put(headers, "reason", why.getMessage());
        put(headers, "cause", cause == null ? null : cause.getClass().getName());
        put(headers, "topic", poison.topic());
        put(headers, "partition", Integer.toString(poison.partition()));
        put(headers, "offset", Long.toString(poison.offset()));
        if (headers.lastHeader(TIMESTAMP) == null) {
            put(headers, "timestamp", Long.toString(poison.timestamp()));
        }
        return headers;
    }

    /** A dead letter that was put back and failed again carries the newest reason only. */
    private static void put(Headers headers, String name, @Nullable String value) {
        headers.remove(PREFIX + name);
        if (value != null) {
            headers.add(PREFIX + name, value.getBytes(UTF_8));
        }
    }
}
