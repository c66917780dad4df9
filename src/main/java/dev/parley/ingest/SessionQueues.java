package dev.parley.ingest;

import io.smallrye.mutiny.Uni;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * Processes the records of each session in order, and sessions independently of each other. What
 * arrives for a session while its records are processed waits, and is then processed together.
 */
final class SessionQueues {

    /** The number of records after which no further ones are added to the same write. */
    private static final int ENOUGH = 500;

    private final Function<SessionRecords, Uni<Void>> process;
    private final Map<String, Deque<SessionRecords>> waiting = new HashMap<>();

    /**
     * @param process processes records of one session; never fails
     */
    SessionQueues(Function<SessionRecords, Uni<Void>> process) {
        this.process = process;
    }

    /** Processes the records now, or after those of the same session that arrived before. */
    void add(SessionRecords records) {
        synchronized (waiting) {
            Deque<SessionRecords> before = waiting.get(records.sessionId());
            if (before != null) {
                before.add(records);
                return;
            }
            waiting.put(records.sessionId(), new ArrayDeque<>());
        }
        start(records);
    }

    private void start(SessionRecords records) {
        process.apply(records)
                .subscribe()
                .with(
                        done -> startNext(records.sessionId()),
                        failure -> startNext(records.sessionId()));
    }

    private void startNext(String sessionId) {
        SessionRecords next;
        synchronized (waiting) {
            Deque<SessionRecords> left = waiting.get(sessionId);
            next = left == null ? null : left.poll();
            if (left == null || next == null) {
                waiting.remove(sessionId);
                return;
            }
            while (!left.isEmpty() && next.size() < ENOUGH) {
                next.addAll(left.remove());
            }
        }
        start(next);
    }
}
