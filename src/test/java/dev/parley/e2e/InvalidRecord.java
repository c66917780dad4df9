package dev.parley.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.parley.local.LocalTopics;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.jspecify.annotations.Nullable;

/** A record that is invalid or at a limit, and the result that the test expects. */
final class InvalidRecord {

    /** The header that identifies the dead letter of a record. */
    static final String CASE = "case";

    /** The expected result of a record. */
    sealed interface Expected {
        /**
         * The record is stored, and REST returns what was sent.
         *
         * @param values JSON by their place: {@code turn} and a pointer into the session's first
         *     turn, or {@code session} and a pointer into the session without turns
         */
        record Stored(Map<String, String> values) implements Expected {}

        record DeadLettered(String reason) implements Expected {}

        record Ignored() implements Expected {}
    }

    private final String name;
    private final List<Header> headers = new ArrayList<>();
    private byte @Nullable [] key;
    private byte @Nullable [] value;
    private String sessionId;
    private Expected expected = new Expected.Ignored();

    InvalidRecord(String name) {
        this.name = name;
        sessionId = "invalid-" + name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
        key = sessionId.getBytes(UTF_8);
    }

    String name() {
        return name;
    }

    /**
     * Returns the default session of this record, which is also that of the valid record after it.
     */
    String validSession() {
        return new InvalidRecord(name).sessionId;
    }

    String sessionId() {
        return sessionId;
    }

    Expected expected() {
        return expected;
    }

    ProducerRecord<byte[], byte[]> record() {
        List<Header> all = new ArrayList<>(headers);
        all.add(header(CASE, name.getBytes(UTF_8)));
        return new ProducerRecord<>(LocalTopics.TOPIC, null, key, value, all);
    }

    private static Header header(String name, byte[] value) {
        return new RecordHeader(name, value);
    }

    InvalidRecord key(byte @Nullable [] bytes) {
        key = bytes;
        return this;
    }

    InvalidRecord with(String header, String text) {
        return with(header, text.getBytes(UTF_8));
    }

    InvalidRecord with(String header, byte[] bytes) {
        headers.add(header(header, bytes));
        return this;
    }

    InvalidRecord inSession(String session) {
        sessionId = session;
        return this;
    }

    InvalidRecord value(byte @Nullable [] bytes) {
        value = bytes;
        return this;
    }

    InvalidRecord value(String text) {
        return value(text.getBytes(UTF_8));
    }

    /** Sets a turn with this content and these members, as JSON. Its session is the key. */
    InvalidRecord turn(String content, String... members) {
        List<String> all = new ArrayList<>(Arrays.asList(members));
        all.add("\"content\":" + content);
        return members(all);
    }

    /** Sets a turn with these members. */
    InvalidRecord turnWith(String... members) {
        return turn("\"x\"", members);
    }

    private InvalidRecord members(List<String> more) {
        List<String> all = new ArrayList<>();
        add(all, more, "\"turnId\"", "\"t-1\"");
        add(all, more, "\"occurredAt\"", "\"2026-11-22T10:00:00Z\"");
        all.add("\"role\":\"user\"");
        all.addAll(more);
        return value("{" + String.join(",", all) + "}");
    }

    private static void add(List<String> all, List<String> more, String name, String value) {
        if (more.stream().noneMatch(member -> member.startsWith(name))) {
            all.add(name + ":" + value);
        }
    }

    InvalidRecord isDeadLettered(String reason) {
        expected = new Expected.DeadLettered(reason);
        return this;
    }

    InvalidRecord isIgnored() {
        expected = new Expected.Ignored();
        return this;
    }

    /** Expects the record to be stored, with pairs of a place and its JSON. */
    InvalidRecord isStored(String... placesAndValues) {
        Map<String, String> all = new TreeMap<>();
        for (int i = 0; i < placesAndValues.length; i += 2) {
            all.put(placesAndValues[i], placesAndValues[i + 1]);
        }
        expected = new Expected.Stored(all);
        return this;
    }

    @Override
    public String toString() {
        return name;
    }
}
