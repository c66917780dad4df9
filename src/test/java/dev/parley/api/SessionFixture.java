package dev.parley.api;

import static dev.parley.support.Timeouts.TIMEOUT;

import dev.parley.session.SessionEvent;
import dev.parley.session.SessionWriter;
import java.util.Collection;
import java.util.List;

/** Stores events, one after the other. */
final class SessionFixture {

    private SessionFixture() {}

    static void apply(SessionWriter sessions, Collection<? extends SessionEvent> events) {
        for (SessionEvent event : events) {
            sessions.apply(event.sessionId(), List.of(event)).await().atMost(TIMEOUT);
        }
    }
}
