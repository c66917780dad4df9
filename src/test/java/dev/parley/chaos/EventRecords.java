package dev.parley.chaos;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import dev.parley.json.ExactJson;
import dev.parley.json.TurnJson;
import dev.parley.local.LocalTopics;
import dev.parley.session.Json;
import dev.parley.session.Patch;
import dev.parley.session.SessionEvent;
import dev.parley.session.SessionEvent.SessionDeleted;
import dev.parley.session.SessionEvent.SessionEnded;
import dev.parley.session.SessionEvent.SessionUpdated;
import dev.parley.session.SessionEvent.TurnRecorded;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Converts events to records in the formats that platforms publish: Parley's own JSON, CloudEvents
 * and tombstones, with a key or without. Without keys, a session is in many partitions.
 */
final class EventRecords {

    private static final double KEY_PROBABILITY = 0.6;
    private static final double CLOUD_EVENT_PROBABILITY = 0.15;

    private final Random random;

    EventRecords(Random random) {
        this.random = random;
    }

    /** Converts the event to a record, in a random format that suits the event. */
    ProducerRecord<String, String> toRecord(SessionEvent event) {
        String key = random.nextDouble() < KEY_PROBABILITY ? event.sessionId() : null;
        if (event instanceof SessionDeleted && key != null) {
            String noValue = null;
            long timestamp = event.occurredAt().toEpochMilli();
            return new ProducerRecord<>(LocalTopics.TOPIC, null, timestamp, key, noValue);
        }
        ObjectNode fields = fields(event);
        if (random.nextDouble() < CLOUD_EVENT_PROBABILITY) {
            return record(key, cloudEvent(event, fields), "application/cloudevents+json");
        }
        if (key == null || random.nextBoolean()) {
            fields.put("sessionId", event.sessionId());
        }
        return record(key, fields.put("type", type(event)), "application/json");
    }

    /** Returns a record of an event that Parley ignores. */
    static ProducerRecord<String, String> ignored(String sessionId) {
        return record(
                sessionId,
                JsonNodeFactory.instance
                        .objectNode()
                        .put("sender_id", sessionId)
                        .put("event", "action"),
                "application/json");
    }

    private static ProducerRecord<String, String> record(
            @Nullable String key, ObjectNode value, String contentType) {
        ProducerRecord<String, String> record =
                new ProducerRecord<>(LocalTopics.TOPIC, key, value.toString());
        record.headers().add("content-type", contentType.getBytes(UTF_8));
        return record;
    }

    private ObjectNode cloudEvent(SessionEvent event, ObjectNode data) {
        ObjectNode envelope =
                JsonNodeFactory.instance
                        .objectNode()
                        .put("specversion", "1.0")
                        .put("id", Long.toHexString(random.nextLong()))
                        .put("source", "/chaos")
                        .put("type", "com.example.chat." + type(event))
                        .put("subject", event.sessionId())
                        .put("time", event.occurredAt().toString());
        envelope.set("data", data);
        return envelope;
    }

    private static String type(SessionEvent event) {
        return switch (event) {
            case TurnRecorded turn -> "turn";
            case SessionUpdated updated -> "session.updated";
            case SessionEnded ended -> "session.ended";
            case SessionDeleted deleted -> "session.deleted";
        };
    }

    private static ObjectNode fields(SessionEvent event) {
        ObjectNode fields =
                event instanceof TurnRecorded recorded
                        ? ExactJson.readObject(
                                ExactJson.write(json -> TurnJson.write(recorded.turn(), json)))
                        : JsonNodeFactory.instance.objectNode();
        fields.put("occurredAt", event.occurredAt().toString());
        Patch patch = patch(event);
        if (patch.userId() != null) {
            fields.put("userId", patch.userId());
        }
        if (patch.channel() != null) {
            fields.put("channel", patch.channel());
        }
        put(fields, "attributes", patch.attributes());
        put(fields, "userData", patch.userData());
        return fields;
    }

    private static Patch patch(SessionEvent event) {
        return switch (event) {
            case TurnRecorded turn -> turn.patch();
            case SessionUpdated updated -> updated.patch();
            case SessionEnded ended -> ended.patch();
            case SessionDeleted deleted -> Patch.NONE;
        };
    }

    private static void put(ObjectNode fields, String name, Map<String, Optional<Json>> values) {
        if (!values.isEmpty()) {
            ObjectNode object = fields.putObject(name);
            values.forEach(
                    (key, value) ->
                            value.ifPresentOrElse(
                                    json -> object.putRawValue(key, new RawValue(json.text())),
                                    () -> object.putNull(key)));
        }
    }
}
