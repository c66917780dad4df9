package dev.parley.ingest.decode;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.parley.ingest.DeadLetters;
import dev.parley.json.ExactJson;
import dev.parley.json.JsonLimits;
import dev.parley.json.RefusedJsonException;
import dev.parley.session.Role;
import dev.parley.session.SessionEvent;
import dev.parley.session.SessionEvent.TurnRecorded;
import dev.parley.session.SessionId;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Headers;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests that the document {@code asyncapi.yaml} and the decoders agree. */
@Tag("slow")
class EventContractIT {

    private static final EventContract CONTRACT = EventContract.read();

    /**
     * Where each message may name its session. A schema can't require that either the value or the
     * key names it.
     */
    private static final Map<String, Set<String>> SESSION_POINTERS =
            Map.of(
                    "parleyEvent", Set.of("/sessionId"),
                    "rasaEvent", Set.of("/sender_id"),
                    "mantleEvent", Set.of("/conversation_id"),
                    "cloudEvent", Set.of("/subject", "/data/sessionId"));

    private static final List<Optional<String>> KEYS =
            List.of(
                    Optional.empty(),
                    Optional.of("s-42"),
                    Optional.of(""),
                    Optional.of("."),
                    Optional.of("a\u0001b"),
                    Optional.of("s#p7"),
                    Optional.of("s#part7"),
                    Optional.of("s#profile"),
                    Optional.of("k".repeat(SessionId.MAX_BYTES + 1)));

    private final EventDecoders decoders = AllDecoders.inOrder();

    @ParameterizedTest
    @CsvSource({
        "parley.ndjson, parleyEvent, text/plain",
        "cloudevents-structured.ndjson, cloudEvent, application/cloudevents+json",
        "rasa.ndjson, rasaEvent, application/json",
    })
    void sampleOfAFormat_matchesItsMessageAndIsDecoded(String file, String message, String type)
            throws IOException {
        for (JsonNode event : samples(file)) {
            PublishedRecord record = new PublishedRecord(null, Map.of("content-type", type), event);

            assertThat(CONTRACT.accepting(record)).as("%s", event).containsExactly(message);
            assertThat(decoders.decode(record.received()).isPresent())
                    .as("%s", event)
                    .isEqualTo(!event.path("event").asText().equals("action"));
        }
    }

    @Test
    void exampleOfTheDocument_matchesItsMessageAndIsDecoded() {
        for (String message : CONTRACT.messageNames()) {
            JsonNode examples = CONTRACT.at("/components/messages/" + message + "/examples");
            assertThat(examples).as(message).isNotEmpty();
            for (JsonNode example : examples) {
                PublishedRecord record = record(example);

                assertThat(CONTRACT.accepting(record)).as("%s", example).containsExactly(message);
                assertThat(decoders.decode(record.received()).isPresent())
                        .as("%s", example)
                        .isEqualTo(!example.path("name").asText().equals("ignored"));
            }
        }
        for (JsonNode example : CONTRACT.at("/components/messages/deadLetter/examples")) {
            assertThat(CONTRACT.isDeadLetter(record(example))).isTrue();
        }
    }

    @Test
    void revisionInTheExamplesOfCloudEvents_revisesThePreviousTurn() {
        JsonNode examples = CONTRACT.at("/components/messages/cloudEventOfTurn/examples");

        TurnRecorded first = (TurnRecorded) decode(record(examples.get(0)));
        TurnRecorded second = (TurnRecorded) decode(record(examples.get(1)));

        assertThat(second.turn().id()).isEqualTo(first.turn().id());
        assertThat(second.occurredAt()).isEqualTo(first.occurredAt());
        assertThat(second.turn().revision()).isGreaterThan(first.turn().revision());
    }

    @Test
    void eventWithoutTimeAndSession_getsThemFromItsRecord() {
        Set<String> others = Set.of("rasaEvent", "mantleEvent", "tombstone");
        for (String message : CONTRACT.messageNames()) {
            if (!others.contains(message)) {
                JsonNode example = CONTRACT.at("/components/messages/" + message + "/examples/0");
                PublishedRecord withoutBoth = withoutTimeAndSession(record(example));

                SessionEvent event = decode(withoutBoth);

                assertThat(CONTRACT.accepting(withoutBoth)).containsExactly(message);
                assertThat(event.occurredAt()).isEqualTo(PublishedRecord.RECORDED_AT);
                assertThat(event.sessionId()).isEqualTo(withoutBoth.key());
            }
        }
    }

    /** Tests thousands of records, each without a key, with a valid key, and with invalid keys. */
    @Test
    void recordOfAnyShape_isAcceptedByBothDocumentAndDecodersOrByNeither() {
        List<String> disagreements = new ArrayList<>();
        Set<ContractGap> gaps = EnumSet.noneOf(ContractGap.class);
        int accepted = 0;
        int refused = 0;

        for (Variation variation : Variation.all(CONTRACT)) {
            for (Optional<String> key : KEYS) {
                PublishedRecord record = variation.record().withKey(key.orElse(null));
                boolean byDocument = isAcceptedByTheDocument(record);
                boolean byDecoders = isReadInFull(record);
                if (byDocument == byDecoders) {
                    accepted += byDocument ? 1 : 0;
                    refused += byDocument ? 0 : 1;
                    continue;
                }
                Set<ContractGap> reasons = variation.gaps(byDocument);
                gaps.addAll(reasons);
                if (reasons.isEmpty()) {
                    disagreements.add(
                            "%s, key %.6s: accepted by the %s only"
                                    .formatted(
                                            variation.name(),
                                            key.orElse("none"),
                                            byDocument ? "document" : "decoders"));
                }
            }
        }

        assertThat(disagreements).isEmpty();
        assertThat(gaps).containsExactly(ContractGap.values());
        assertThat(accepted).isGreaterThan(10_000);
        assertThat(refused).isGreaterThan(10_000);
    }

    @Test
    void topicsInTheDocument_equalTheConfiguration() throws IOException {
        Properties configured = new Properties();
        try (InputStream in = resource("/application.properties")) {
            configured.load(in);
        }

        for (String pointer :
                List.of(
                        "/channels/chatTurns/address",
                        "/channels/chatTurns/bindings/kafka/topic")) {
            assertThat(CONTRACT.at(pointer).asText())
                    .isEqualTo(configured.getProperty("mp.messaging.incoming.turns.topic"));
        }
        for (String pointer :
                List.of(
                        "/channels/deadLetters/address",
                        "/channels/deadLetters/bindings/kafka/topic")) {
            assertThat(CONTRACT.at(pointer).asText())
                    .isEqualTo(configured.getProperty("mp.messaging.outgoing.dead-letters.topic"));
        }
        assertThat(
                        CONTRACT.at("/operations/receiveChatTurns/bindings/kafka/groupId/default")
                                .asText())
                .isEqualTo(configured.getProperty("mp.messaging.incoming.turns.group.id"));
    }

    @Test
    void namesInTheDocument_equalThoseInTheCode() {
        Set<String> types = new TreeSet<>();
        for (JsonNode event : CONTRACT.at("/components/schemas/ParleyEvent/oneOf")) {
            JsonNode schema = CONTRACT.at(event.path("$ref").asText().substring(1));
            types.add(
                    schema.has("properties")
                            ? schema.at("/properties/type/const").asText()
                            : schema.at("/anyOf/0/properties/type/enum/0").asText());
        }
        Set<String> fields = new TreeSet<>(Set.of("type"));
        for (String schema : List.of("Event", "Profile", "Turn")) {
            fields.addAll(CONTRACT.namesAt("/components/schemas/" + schema + "/properties"));
        }

        assertThat(types).isEqualTo(EventMapper.TYPES);
        assertThat(fields).isEqualTo(EventMapper.KNOWN);
        assertThat(CONTRACT.namesAt("/components/schemas/Turn/properties/role/anyOf/0/enum"))
                .isEqualTo(
                        new TreeSet<>(Arrays.stream(Role.values()).map(Role::wireName).toList()));
        assertThat(CONTRACT.at("/components/schemas/SessionId/maxLength").asInt())
                .isEqualTo(SessionId.MAX_BYTES);
        assertThat(CONTRACT.at("/components/schemas/Amount/maximum").asLong())
                .isEqualTo(EventFields.MAX_AMOUNT);
        assertThat(CONTRACT.at("/components/schemas/ShortText/maxLength").asInt())
                .isEqualTo(EventMapper.MAX_ID_LENGTH);
    }

    @Test
    void limitsInTheDocument_equalThoseInTheCode() {
        String description = CONTRACT.at("/info/description").asText().replaceAll("\\s+", " ");

        assertThat(description)
                .contains(
                        "A value has at most %,d bytes".formatted(JsonLimits.MAX_BYTES),
                        "at most %,d levels deep".formatted(JsonLimits.MAX_DEPTH),
                        "has at most %,d characters".formatted(JsonLimits.MAX_KEY),
                        "at most %,d digits".formatted(JsonLimits.MAX_DIGITS),
                        "an exponent of at most ±%,d".formatted(JsonLimits.MAX_EXPONENT));
    }

    @ParameterizedTest
    @CsvSource({"false, required", "true, properties"})
    void headersOfADeadLetter_equalThoseInTheDocument(boolean hasCause, String schemaPart) {
        UndecodableException why =
                new UndecodableException("a turn needs role", hasCause ? new IOException() : null);

        Map<String, String> headers = new TreeMap<>();
        Headers all =
                hasCause
                        ? DeadLetters.headersWithoutRecord(rejected(), why)
                        : DeadLetters.headers(rejected(), why);
        all.forEach(header -> headers.put(header.key(), new String(header.value(), UTF_8)));

        assertThat(headers.keySet())
                .isEqualTo(CONTRACT.namesAt("/components/schemas/DeadLetterHeaders/" + schemaPart));
        assertThat(
                        CONTRACT.isDeadLetter(
                                new PublishedRecord("s-42", headers, TextNode.valueOf(""))))
                .isTrue();
    }

    private boolean isAcceptedByTheDocument(PublishedRecord record) {
        Set<String> messages = CONTRACT.accepting(record);
        assertThat(messages).as("formats of %s", record).hasSizeLessThan(2);
        String key = record.key();
        return messages.stream()
                .anyMatch(
                        message ->
                                namesSession(message, record)
                                        || (key != null && CONTRACT.isKey(key)));
    }

    /** The key names the session of a tombstone. The message has a separate schema for this key. */
    private static boolean namesSession(String message, PublishedRecord record) {
        Set<String> pointers = SESSION_POINTERS.getOrDefault(message, Set.of("/sessionId"));
        return message.equals("tombstone")
                || (message.startsWith("cloudEventOf")
                        && record.headers().containsKey("ce_subject"))
                || pointers.stream()
                        .map(record.value()::at)
                        .anyMatch(id -> id.isTextual() || id.isNumber());
    }

    /** Returns whether the record is decoded without an unread field. */
    private boolean isReadInFull(PublishedRecord record) {
        try {
            EventRecord received = record.received();
            var _ = decoders.decode(received);
            return received.unread().names().isEmpty();
        } catch (UndecodableException e) {
            return false;
        }
    }

    private SessionEvent decode(PublishedRecord record) {
        return decoders.decode(record.received()).orElseThrow();
    }

    /** Returns an example as a record with a key. */
    private static PublishedRecord record(JsonNode example) {
        Map<String, String> headers = new HashMap<>();
        example.path("headers")
                .properties()
                .forEach(header -> headers.put(header.getKey(), header.getValue().textValue()));
        return new PublishedRecord("s-42", headers, example.path("payload"));
    }

    private static PublishedRecord withoutTimeAndSession(PublishedRecord record) {
        Map<String, String> headers = new HashMap<>(record.headers());
        headers.keySet().removeAll(Set.of("ce_time", "ce_subject"));
        JsonNode value = record.value().deepCopy();
        if (value instanceof ObjectNode object) {
            object.remove(List.of("occurredAt", "sessionId", "time", "subject"));
        }
        return new PublishedRecord("s-43", headers, value);
    }

    static JsonNode parsed(String json) {
        try {
            return ExactJson.read(json.getBytes(UTF_8));
        } catch (RefusedJsonException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private static List<JsonNode> samples(String file) throws IOException {
        List<JsonNode> samples = new ArrayList<>();
        try (InputStream in = resource("/events/" + file)) {
            for (String line : new String(in.readAllBytes(), UTF_8).lines().toList()) {
                samples.add(parsed(line));
            }
        }
        return samples;
    }

    private static ConsumerRecord<byte[], byte[]> rejected() {
        return ParleyEventDecoderTest.received("s-42", "{}", PublishedRecord.RECORDED_AT);
    }

    private static InputStream resource(String path) {
        return requireNonNull(EventContractIT.class.getResourceAsStream(path));
    }
}
