package dev.parley.ingest.decode;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.parley.session.SessionEvent;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Decodes CloudEvents 1.0 in Kafka's two modes: binary, with the attributes as {@code ce_*} headers
 * and the data as the value; and structured, with both in one JSON object (<a
 * href="https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/kafka-protocol-binding.md">Kafka
 * protocol binding</a>). The data has the fields of Parley's own event.
 *
 * <p>A CloudEvent is recognised by its headers or by its content, since many producers omit the
 * content type. A CloudEvent that lacks a part is refused, with the missing part as the reason.
 * Decoded as any other format, its session would be the record's key.
 *
 * <p>The decoder reads the attributes itself. The reader of the official SDK parses numbers of the
 * structured mode as floating point, and would change what people sent. The tests create their
 * events with the SDK's writer.
 */
final class CloudEventDecoder implements EventDecoder {

    private static final String ANY = "application/cloudevents";
    private static final String STRUCTURED = "application/cloudevents+json";
    private static final String BATCH = "application/cloudevents-batch+json";

    /** The version at the end of a type, as in {@code com.example.turn.v1}. */
    private static final Pattern VERSION = Pattern.compile("[./:-][vV]?[0-9][0-9a-z]*(\\.[0-9]+)*");

    /**
     * The type that Dapr gives an event that is not a CloudEvent (<a
     * href="https://docs.dapr.io/developing-applications/building-blocks/pubsub/pubsub-cloudevents/">its
     * envelope</a>). The data then states the kind of event.
     */
    private static final String TYPE_OF_DAPR = "com.dapr.event.sent";

    @Override
    public boolean recognises(EventRecord received) {
        CloudEventHeaders headers = CloudEventHeaders.of(received);
        return headers.areOfCloudEvent() || headers.hasContentType(ANY) || isStructured(received);
    }

    private static boolean isStructured(EventRecord received) {
        return received.hasValue() && received.object().has("specversion");
    }

    @Override
    public Optional<SessionEvent> decode(EventRecord received) {
        CloudEventHeaders headers = CloudEventHeaders.of(received);
        if (headers.hasContentType(BATCH)) {
            throw new UndecodableException("a record must contain one CloudEvent, not a batch");
        }
        if (headers.hasContentType(ANY) && !headers.hasContentType(STRUCTURED)) {
            throw new UndecodableException("a CloudEvent in a format other than JSON");
        }
        return Optional.of(
                headers.hasContentType(STRUCTURED)
                                || (headers.get("specversion") == null && isStructured(received))
                        ? structured(received)
                        : binary(received, headers));
    }

    private static SessionEvent binary(EventRecord received, CloudEventHeaders headers) {
        return event(
                received,
                headers::get,
                received.hasValue() ? received.object() : JsonNodeFactory.instance.objectNode());
    }

    private static SessionEvent structured(EventRecord received) {
        JsonNode envelope = received.object();
        return event(received, received.fields(envelope)::name, data(envelope));
    }

    private static JsonNode data(JsonNode envelope) {
        JsonNode data = envelope.path("data");
        boolean absent = data.isMissingNode() || data.isNull();
        if (envelope.hasNonNull("data_base64")) {
            if (!absent) {
                throw new UndecodableException("the CloudEvent has both data and data_base64");
            }
            return decoded(envelope.get("data_base64"));
        }
        if (absent) {
            return JsonNodeFactory.instance.objectNode();
        }
        if (!data.isObject() && !RecordValue.isDoubleJson(data)) {
            throw new UndecodableException("data must be an object");
        }
        return RecordValue.requireObject(data);
    }

    private static JsonNode decoded(JsonNode base64) {
        try {
            return RecordValue.object(
                    Base64.getDecoder().decode(base64.asText().replaceAll("\\s", "")));
        } catch (IllegalArgumentException e) {
            throw new UndecodableException("data_base64 is not base64");
        }
    }

    /** Gives a context attribute by its name, or null if it is absent. */
    @FunctionalInterface
    private interface Attributes {
        @Nullable String get(String name);
    }

    private static SessionEvent event(EventRecord received, Attributes attributes, JsonNode data) {
        EventFields fields = received.fields(data);
        String subject = attributes.get("subject");
        Instant time = time(attributes.get("time"));
        if (!"1.0".equals(required(attributes, "specversion"))) {
            throw new UndecodableException("the CloudEvent's specversion must be 1.0");
        }
        String type = type(required(attributes, "type"), data);
        String turnId = TurnIds.joined(required(attributes, "source"), required(attributes, "id"));
        Instant occurredAt = fields.time("occurredAt");
        if (EventMapper.TYPES.stream()
                .anyMatch(other -> !other.equals(type) && fields.is("type", other))) {
            throw new UndecodableException(
                    "the type in the data differs from the CloudEvent's type");
        }
        String sessionId =
                SessionIds.of(
                        subject == null ? fields.name("sessionId") : subject,
                        received,
                        "no subject that names the session");
        return EventMapper.event(
                type, sessionId, eventTime(occurredAt, time, received), fields, () -> turnId);
    }

    /**
     * Returns the kind of event, which a type such as {@code com.example.chat.session.ended} ends
     * with.
     */
    private static String type(String type, JsonNode data) {
        if (type.equals(TYPE_OF_DAPR)) {
            return EventMapper.type(data);
        }
        return EventMapper.TYPES.stream()
                .filter(known -> endsIn(type, known))
                .findFirst()
                .orElseThrow(
                        () ->
                                new UndecodableException(
                                        "the CloudEvent's type must end in turn, session.updated,"
                                                + " session.ended or session.deleted"));
    }

    private static boolean endsIn(String type, String known) {
        int at = type.lastIndexOf(known);
        if (at < 0 || (at > 0 && type.charAt(at - 1) != '.')) {
            return false;
        }
        String rest = type.substring(at + known.length());
        return rest.isEmpty() || VERSION.matcher(rest).matches();
    }

    private static @Nullable Instant time(@Nullable String text) {
        if (text == null || text.isEmpty()) {
            return null;
        }
        return EventTimes.of(text)
                .orElseThrow(() -> new UndecodableException("time" + EventTimes.EXPECTED));
    }

    /**
     * Returns the time of the event. The data's own time comes first, because it is the same in
     * every revision of a turn, and the time of the CloudEvent is not.
     */
    private static Instant eventTime(
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
