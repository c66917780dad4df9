package dev.parley.ingest.decode;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;

/** Creates ids for turns whose platform gives none. */
final class TurnIds {

    /**
     * The length of a hash: 128 bits, so that no two turns of one session ever have the same id by
     * chance.
     */
    private static final int BYTES = 16;

    private TurnIds() {}

    /**
     * Returns a hash of the event and its time. It is the same for every delivery of the event, and
     * also for two duplicates that differ in the order of their keys or in white space.
     */
    static String derived(JsonNode event, Instant occurredAt) {
        return hash(occurredAt + " " + sorted(event));
    }

    /**
     * Returns the id of an event that its source and its id identify together. A URI contains no
     * spaces, so two different pairs never become the same id.
     */
    static String joined(String source, String id) {
        return shortened(source + " " + id);
    }

    /** Returns the id itself, or a hash of an id that is too long to be stored. */
    static String shortened(String id) {
        return id.length() <= EventMapper.MAX_ID_LENGTH ? id : hash(id);
    }

    private static String hash(String canonical) {
        byte[] hash = sha256().digest(canonical.getBytes(StandardCharsets.UTF_8));
        return Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(hash, BYTES));
    }

    private static JsonNode sorted(JsonNode node) {
        if (node instanceof ObjectNode object) {
            Map<String, JsonNode> members = new TreeMap<>();
            object.properties().forEach(m -> members.put(m.getKey(), sorted(m.getValue())));
            return object.objectNode().setAll(members);
        }
        if (node instanceof ArrayNode array) {
            ArrayNode sorted = array.arrayNode();
            array.forEach(element -> sorted.add(sorted(element)));
            return sorted;
        }
        return node;
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
