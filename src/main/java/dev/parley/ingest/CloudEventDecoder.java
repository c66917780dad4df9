package dev.parley.ingest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.parley.session.SessionEvent;
import jakarta.annotation.Priority;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * CloudEvents 1.0 in Kafka's two modes: binary, with the attributes as {@code ce_*} headers and the
 * data as the value; and structured, with both in one JSON object (<a
 * href="https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/kafka-protocol-binding.md">Kafka
 * protocol binding</a>). The data has the fields of Parley's own event.
 *
 * <p>The attributes are read by hand, since the official SDK's reader of the structured mode keeps
 * numbers as floating point and would change what people sent. Its writer makes the tests' events.
 *
 * <p>It is asked before {@link TombstoneDecoder}: an event without data has no value in binary
 * mode.
 */
@Singleton
@Priority(400)
class CloudEventDecoder implements EventDecoder {

    private static final String STRUCTURED = "application/cloudevents+json";
    private static final String BATCH = "application/cloudevents-batch+json";

    private static final EventFields NO_DATA =
            new EventFields(JsonNodeFactory.instance.objectNode());

    @Override
    public boolean recognises(EventRecord received) {
        return isBinary(received) || hasContentType(received, "application/cloudevents");
    }

    @Override
    public Optional<SessionEvent> decode(EventRecord received) {
        if (hasContentType(received, BATCH)) {
            throw new UndecodableException("CloudEvents come one a record, not as a batch");
        }
        return Optional.of(
                hasContentType(received, STRUCTURED) ? structured(received) : binary(received));
    }

    private static boolean isBinary(EventRecord received) {
        return received.header("ce_specversion").isPresent();
    }

    private static boolean hasContentType(EventRecord received, String type) {
        return received.header("content-type")
                .filter(value -> value.toLowerCase(Locale.ROOT).startsWith(type))
                .isPresent();
    }

    private static SessionEvent binary(EventRecord received) {
        return event(
                received,
                name -> received.textHeader("ce_" + name).orElse(null),
                received.hasValue() ? new EventFields(received.object()) : NO_DATA);
    }

    private static SessionEvent structured(EventRecord received) {
        JsonNode envelope = received.object();
        if (envelope.has("data_base64")) {
            throw new UndecodableException("data must be JSON, not data_base64");
        }
        EventFields fields = new EventFields(envelope);
        return event(received, fields::text, fields.object("data").orElse(NO_DATA));
    }

    /** A context attribute by its name; null where it is absent. */
    @FunctionalInterface
    private interface Attributes {
        @Nullable String get(String name);
    }

    private static SessionEvent event(
            EventRecord received, Attributes attributes, EventFields data) {
        String subject = attributes.get("subject");
        Instant time = EventFields.parsedTime("time", attributes.get("time"));
        if (!"1.0".equals(required(attributes, "specversion"))) {
            throw new UndecodableException("the CloudEvent's specversion must be 1.0");
        }
        String named = data.text("sessionId");
        Instant occurredAt = data.time("occurredAt");
        String type = type(required(attributes, "type"));
        if (ParleyEventDecoder.TYPES.stream()
                .anyMatch(other -> !other.equals(type) && data.is("type", other))) {
            throw new UndecodableException("the data's type is not that of the CloudEvent");
        }
        String sessionId =
                SessionIds.of(
                        subject == null ? named : subject,
                        received,
                        "no subject that names the session");
        String turnId = TurnIds.joined(required(attributes, "source"), required(attributes, "id"));
        return ParleyEventDecoder.event(
                type, sessionId, firstOf(occurredAt, time, received), data, () -> turnId);
    }

    /** The kind of event that a type such as {@code com.example.chat.session.ended} ends in. */
    private static String type(String type) {
        return ParleyEventDecoder.TYPES.stream()
                .filter(known -> type.equals(known) || type.endsWith("." + known))
                .findFirst()
                .orElseThrow(
                        () ->
                                new UndecodableException(
                                        "the CloudEvent's type must end in turn, session.updated,"
                                                + " session.ended or session.deleted"));
    }

    /** The data's own time first: it is the same in every revision, which an event's is not. */
    private static Instant firstOf(
            @Nullable Instant occurredAt, @Nullable Instant time, EventRecord received) {
        if (occurredAt != null) {
            return occurredAt;
        }
        return time != null ? time : received.timestamp();
    }

    private static String required(Attributes attributes, String name) {
        String value = attributes.get(name);
        if (value == null || value.isEmpty()) {
            throw new UndecodableException("the CloudEvent has no " + name);
        }
        return value;
    }
}
