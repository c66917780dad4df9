package dev.parley.ingest.decode;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A record with one change.
 *
 * @param name what was changed, and to which value
 * @param gaps why the document and the decoders may differ about it
 */
record Variation(String name, PublishedRecord record, Set<ContractGap> gaps) {

    private static final List<Replacement> REPLACEMENTS = Replacement.all();

    private static final List<String> EVENT_FIELDS =
            with(
                    EventMapper.KNOWN,
                    "usage.inputTokens",
                    "usage.outputTokens",
                    "usage.cachedInputTokens",
                    "usage.reasoningTokens",
                    "usage.more");

    private static final List<String> CLOUD_EVENT_FIELDS =
            List.of(
                    "specversion",
                    "id",
                    "source",
                    "type",
                    "subject",
                    "time",
                    "datacontenttype",
                    "data",
                    "data_base64",
                    "extension");

    private static final List<String> RASA_FIELDS =
            List.of(
                    "sender_id",
                    "event",
                    "timestamp",
                    "text",
                    "message_id",
                    "input_channel",
                    "name",
                    "value",
                    "data",
                    "metadata",
                    "parse_data",
                    "parse_data.intent",
                    "parse_data.intent.name",
                    "surprise");

    Variation {
        gaps = Set.copyOf(gaps);
    }

    /** Returns the reasons why only the document, or only the decoders, may accept the record. */
    Set<ContractGap> gaps(boolean documentAccepts) {
        return gaps.stream()
                .filter(gap -> gap.explains(documentAccepts))
                .collect(Collectors.toSet());
    }

    /** Returns events of all formats and types, with each of their fields and headers replaced. */
    static List<Variation> all(EventContract contract) {
        List<Variation> all = new ArrayList<>();
        for (String example : List.of("turn", "updated", "ended", "deleted")) {
            addEvent(all, example, (ObjectNode) example(contract, "parleyEvent", example));
        }
        for (String example : List.of("user", "bot", "slot", "started", "ignored")) {
            PublishedRecord rasa =
                    new PublishedRecord(null, Map.of(), example(contract, "rasaEvent", example));
            changeFields(all, "Rasa " + example, rasa, RASA_FIELDS, null);
        }
        PublishedRecord tombstone = new PublishedRecord("s-42", Map.of(), NullNode.getInstance());
        changeHeaders(all, "tombstone", tombstone, Set.of());
        return all;
    }

    static JsonNode example(EventContract contract, String message, String name) {
        for (JsonNode example : contract.at("/components/messages/" + message + "/examples")) {
            if (example.path("name").asText().equals(name)) {
                return example.path("payload");
            }
        }
        throw new IllegalArgumentException(message + " has no example " + name);
    }

    /** Adds variations of the event as Parley's own, and as a CloudEvent in both modes. */
    private static void addEvent(List<Variation> all, String example, ObjectNode event) {
        PublishedRecord own = new PublishedRecord(null, Map.of(), event);
        changeFields(all, example, own, with(EVENT_FIELDS, "surprise", "event", "subject"), null);
        changeHeaders(
                all, example, own, Set.of("content-type", "ce_specversion", "ce-id", "trace"));
        PublishedRecord almostRasa = own.withValue(event.deepCopy().put("sender_id", "visitor"));
        changeFields(all, example + " with sender_id", almostRasa, List.of("event"), null);

        String type = "com.example.chat." + event.path("type").textValue();
        addStructured(
                all,
                "structured " + example,
                new PublishedRecord(
                        null,
                        Map.of("content-type", "application/cloudevents+json"),
                        envelope(type).set("data", event)));
        addBinary(all, "binary " + example, new PublishedRecord(null, headers(type), event));
    }

    private static void addStructured(List<Variation> all, String name, PublishedRecord record) {
        changeHeaders(all, name, record, Set.of("trace"));
        changeFields(all, name, record, CLOUD_EVENT_FIELDS, null);
        List<String> inData = EVENT_FIELDS.stream().map(field -> "data." + field).toList();
        changeFields(all, name, record, inData, ContractGap.SESSION_ID_BESIDE_A_SUBJECT);
        ObjectNode value = record.value().deepCopy();
        value.remove("subject");
        changeFields(
                all,
                name + " without subject",
                record.withValue(value),
                List.of("data.sessionId"),
                null);
    }

    private static void addBinary(List<Variation> all, String name, PublishedRecord record) {
        changeHeaders(all, name, record, Set.of("trace"));
        changeFields(all, name, record, EVENT_FIELDS, ContractGap.SESSION_ID_BESIDE_A_SUBJECT);
        PublishedRecord withoutValue = record.withValue(NullNode.getInstance());
        changeHeaders(all, name + " without value", withoutValue, Set.of());
        Map<String, String> headers = new LinkedHashMap<>(record.headers());
        headers.remove("ce_subject");
        changeFields(
                all,
                name + " without subject",
                record.withHeaders(headers),
                List.of("sessionId"),
                null);
    }

    private static void changeFields(
            List<Variation> all,
            String base,
            PublishedRecord record,
            List<String> paths,
            @Nullable ContractGap ofSessionId) {
        for (String path : paths) {
            for (Replacement replacement : REPLACEMENTS) {
                JsonNode changed = record.value().deepCopy();
                if (replace(changed, path, replacement.value())) {
                    Set<ContractGap> gaps = gaps(replacement);
                    if (path.endsWith("sessionId") && ofSessionId != null) {
                        gaps.add(ofSessionId);
                    }
                    all.add(
                            new Variation(
                                    base + ", " + path + ": " + shortened(replacement.value()),
                                    record.withValue(changed),
                                    gaps));
                }
            }
        }
    }

    private static void changeHeaders(
            List<Variation> all, String base, PublishedRecord record, Set<String> more) {
        for (String header : with(record.headers().keySet(), more.toArray(String[]::new))) {
            for (Replacement replacement : REPLACEMENTS) {
                Map<String, String> changed = new LinkedHashMap<>(record.headers());
                Set<ContractGap> gaps = gaps(replacement);
                if (replacement.value().isMissingNode()) {
                    changed.remove(header);
                } else if (replacement.value().isTextual()
                        && !gaps.contains(ContractGap.HALF_A_SURROGATE_PAIR)) {
                    changed.put(header, replacement.value().textValue());
                    if (replacement.value().textValue().isEmpty()) {
                        gaps.add(ContractGap.EMPTY_HEADER);
                    }
                } else {
                    continue; // A header contains bytes, and this value can't be written as UTF-8.
                }
                all.add(
                        new Variation(
                                base + ", " + header + ": " + shortened(replacement.value()),
                                record.withHeaders(changed),
                                gaps));
            }
        }
    }

    /** Replaces a value. Returns false if the object that should contain it is missing. */
    private static boolean replace(JsonNode root, String path, JsonNode value) {
        JsonPointer pointer = JsonPointer.compile("/" + path.replace('.', '/'));
        if (!(root.at(pointer.head()) instanceof ObjectNode parent)) {
            return false;
        }
        String name = pointer.last().getMatchingProperty();
        if (value.isMissingNode()) {
            parent.remove(name);
        } else {
            parent.set(name, value);
        }
        return true;
    }

    private static ObjectNode envelope(String type) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("specversion", "1.0")
                .put("id", "e-1")
                .put("source", "/platforms/helpdesk")
                .put("type", type)
                .put("subject", "s-77")
                .put("time", "2026-11-22T11:00:00Z");
    }

    private static Map<String, String> headers(String type) {
        Map<String, String> headers = new LinkedHashMap<>();
        envelope(type)
                .properties()
                .forEach(a -> headers.put("ce_" + a.getKey(), a.getValue().textValue()));
        headers.put("content-type", "application/json");
        return headers;
    }

    private static Set<ContractGap> gaps(Replacement replacement) {
        Set<ContractGap> gaps = EnumSet.noneOf(ContractGap.class);
        if (replacement.gap() != null) {
            gaps.add(replacement.gap());
        }
        return gaps;
    }

    private static List<String> with(Iterable<String> names, String... more) {
        Set<String> all = new TreeSet<>(List.of(more));
        names.forEach(all::add);
        return List.copyOf(all);
    }

    private static String shortened(JsonNode value) {
        String text = value.isMissingNode() ? "removed" : PublishedRecord.json(value);
        return text.length() <= 60 ? text : text.substring(0, 60) + "… (" + text.length() + ")";
    }
}
