package dev.parley.ingest.decode;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The document {@code asyncapi.yaml}. It validates records against its schemas. */
final class EventContract {

    /** The dialect of AsyncAPI, and the one that newer tools apply. */
    private static final List<SchemaRegistry> DIALECTS =
            List.of(
                    dialect(SpecificationVersion.DRAFT_7),
                    dialect(SpecificationVersion.DRAFT_2020_12));

    private final JsonNode document;
    private final List<Message> messages = new ArrayList<>();
    private final Rule key;

    private EventContract(JsonNode document) {
        this.document = document;
        this.key = new Rule(document.at("/components/schemas/Key"));
        document.at("/channels/chatTurns/messages")
                .properties()
                .forEach(
                        message ->
                                messages.add(
                                        new Message(
                                                message.getKey(), resolved(message.getValue()))));
    }

    static EventContract read() {
        YAMLMapper yaml =
                YAMLMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();
        try (InputStream in = EventContract.class.getResourceAsStream("/asyncapi.yaml")) {
            return new EventContract(yaml.readTree(Objects.requireNonNull(in)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    JsonNode at(String pointer) {
        return document.at(pointer);
    }

    /** Returns the strings of an array, or the member names of an object. */
    Set<String> namesAt(String pointer) {
        Set<String> names = new TreeSet<>();
        JsonNode node = document.at(pointer);
        node.fieldNames().forEachRemaining(names::add);
        if (node.isArray()) {
            node.forEach(element -> names.add(element.asText()));
        }
        return names;
    }

    /** Returns the names of the messages of the channel for events. */
    Collection<String> messageNames() {
        return messages.stream().map(Message::name).toList();
    }

    /** Returns the names of the messages whose schemas accept the record. */
    Set<String> accepting(PublishedRecord record) {
        return messages.stream()
                .filter(message -> message.accepts(record))
                .map(Message::name)
                .collect(Collectors.toSet());
    }

    /** Returns whether the text is valid as a key that names a session. */
    boolean isKey(String text) {
        return key.accepts(PublishedRecord.json(text));
    }

    boolean isDeadLetter(PublishedRecord record) {
        return new Message("deadLetter", document.at("/components/messages/deadLetter"))
                .accepts(record);
    }

    /** Returns the node itself, or the node that it refers to. */
    private JsonNode resolved(JsonNode node) {
        JsonNode reference = node.path("$ref");
        return reference.isMissingNode() ? node : document.at(reference.textValue().substring(1));
    }

    private static SchemaRegistry dialect(SpecificationVersion version) {
        // Formats are verified, and 1.0 counts as an integer, as JSON Schema specifies.
        SchemaRegistryConfig config =
                SchemaRegistryConfig.builder()
                        .formatAssertionsEnabled(true)
                        .failFast(true)
                        .losslessNarrowing(true)
                        .build();
        return SchemaRegistry.withDefaultDialect(
                version, builder -> builder.schemaRegistryConfig(config));
    }

    private final class Message {

        private final String name;
        private final Rule key;
        private final Rule headers;
        private final Rule payload;

        Message(String name, JsonNode message) {
            this.name = name;
            this.key = new Rule(resolved(message.path("bindings")).at("/kafka/key"));
            this.headers = new Rule(message.path("headers"));
            this.payload = new Rule(message.path("payload"));
        }

        String name() {
            return name;
        }

        boolean accepts(PublishedRecord record) {
            return headers.accepts(PublishedRecord.json(record.headers()))
                    && key.accepts(
                            record.key() == null ? "null" : PublishedRecord.json(record.key()))
                    && payload.accepts(record.valueAsJson());
        }
    }

    /** A schema of the document. It validates in all dialects, which must agree. */
    private final class Rule {

        private final List<Schema> schemas;

        /** The latest value, because the same value is validated many times, with other keys. */
        private String latest = "";

        private boolean acceptsLatest;

        Rule(JsonNode schema) {
            if (schema.isMissingNode()) {
                throw new IllegalArgumentException("a message needs a key, headers and a payload");
            }
            ObjectNode root = JsonNodeFactory.instance.objectNode();
            root.putArray("allOf").add(schema);
            root.set("components", document.path("components"));
            schemas =
                    DIALECTS.stream()
                            .map(dialect -> dialect.getSchema(root.toString(), InputFormat.JSON))
                            .toList();
        }

        boolean accepts(String json) {
            if (!json.equals(latest)) {
                latest = json;
                acceptsLatest = validates(json);
            }
            return acceptsLatest;
        }

        private boolean validates(String json) {
            List<Boolean> results =
                    schemas.stream()
                            .map(schema -> schema.validate(json, InputFormat.JSON).isEmpty())
                            .distinct()
                            .toList();
            if (results.size() > 1) {
                throw new IllegalStateException("the dialects disagree about " + json);
            }
            return results.getFirst();
        }
    }
}
