package dev.parley.ingest;

import dev.parley.session.SessionEvent;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** The records of one session, and the event of each record. */
final class SessionRecords {

    private final String sessionId;
    private final List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    private final List<SessionEvent> events = new ArrayList<>();

    SessionRecords(String sessionId) {
        this.sessionId = sessionId;
    }

    void add(ConsumerRecord<byte[], byte[]> record, SessionEvent event) {
        records.add(record);
        events.add(event);
    }

    void addAll(SessionRecords later) {
        records.addAll(later.records);
        events.addAll(later.events);
    }

    String sessionId() {
        return sessionId;
    }

    int size() {
        return records.size();
    }

    ConsumerRecord<byte[], byte[]> record(int index) {
        return records.get(index);
    }

    List<ConsumerRecord<byte[], byte[]>> records() {
        return records;
    }

    /** Returns the events, in the order of the records. */
    List<SessionEvent> events() {
        return events;
    }
}
