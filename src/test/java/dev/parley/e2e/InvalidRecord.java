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

/** A record that nobody should publish, and what must become of it. */
final class InvalidRecord {

    /** The header by which a record's dead letter is known. */
    static final String NAME = "case";

    /** What becomes of a record. */
    sealed interface Fate {
        /**
         * Read back it is what was sent.
         *
         * @param expected JSON by where it is: {@code turn} and a pointer into the session's first
         *     turn, or {@code session} and one into the session without turns
         */
        record SessionFixture(Map<String, String> expected) implements Fate {}

        record DeadLettered(String reason) implements Fate {}

        record Ignored() implements Fate {}
    }

    private final String name;
    private final List<Header> headers = new ArrayList<>();
    private byte @Nullable [] key;
    private byte @Nullable [] value;
    private String sessionId;
    private Fate fate = new Fate.Ignored();

    InvalidRecord(String name) {
        this.name = name;
        sessionId = "hostile-" + name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
        key = sessionId.getBytes(UTF_8);
    }

    String name() {
        return name;
    }

    /** The session of its own where nothing else is said; the good record behind it is of that. */
    String mate() {
        return new InvalidRecord(name).sessionId;
    }

    String sessionId() {
        return sessionId;
    }

    Fate fate() {
        return fate;
    }

    ProducerRecord<byte[], byte[]> record() {
        List<Header> all = new ArrayList<>(headers);
        all.add(header(NAME, name.getBytes(UTF_8)));
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

    InvalidRecord of(String session) {
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

    /** A turn of that content and with those other members, as JSON; its session is the key. */
    InvalidRecord turn(String content, String... members) {
        List<String> all = new ArrayList<>(Arrays.asList(members));
        all.add("\"content\":" + content);
        return members(all);
    }

    /** A turn with those members. */
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
        fate = new Fate.DeadLettered(reason);
        return this;
    }

    InvalidRecord isIgnored() {
        fate = new Fate.Ignored();
        return this;
    }

    /** Pairs of a place and the JSON that is there. */
    InvalidRecord isStored(String... expected) {
        Map<String, String> all = new TreeMap<>();
        for (int i = 0; i < expected.length; i += 2) {
            all.put(expected[i], expected[i + 1]);
        }
        fate = new Fate.SessionFixture(all);
        return this;
    }

    @Override
    public String toString() {
        return name;
    }
}
