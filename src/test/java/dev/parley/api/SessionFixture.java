package dev.parley.api;

import dev.parley.session.SessionEvent;
import dev.parley.session.SessionWriter;
import java.time.Duration;
import java.util.Collection;
import java.util.List;

/** Puts events into the store, one after the other. */
final class SessionFixture {

    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private SessionFixture() {}

    static void apply(SessionWriter sessions, Collection<? extends SessionEvent> events) {
        for (SessionEvent event : events) {
            sessions.apply(event.sessionId(), List.of(event)).await().atMost(PATIENCE);
        }
    }
}
