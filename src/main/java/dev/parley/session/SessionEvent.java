package dev.parley.session;

import java.time.Instant;

/** Something that happened in a session. The time is the event's own, never that of its arrival. */
public sealed interface SessionEvent {

    String sessionId();

    Instant occurredAt();

    /** A turn was recorded or revised, as its {@link Turn#revision} shows. */
    record TurnRecorded(String sessionId, Turn turn, Patch patch) implements SessionEvent {
        public TurnRecorded {
            SessionId.requireValid(sessionId);
        }

        @Override
        public Instant occurredAt() {
            return turn.occurredAt();
        }
    }

    /** Attributes, user data, the user or the channel changed. */
    record SessionUpdated(String sessionId, Instant occurredAt, Patch patch)
            implements SessionEvent {
        public SessionUpdated {
            SessionId.requireValid(sessionId);
        }
    }

    /** The conversation is over. A turn that is clearly later opens the session again. */
    record SessionEnded(String sessionId, Instant occurredAt, Patch patch) implements SessionEvent {
        public SessionEnded {
            SessionId.requireValid(sessionId);
        }
    }

    /** Everything that happened in the session up to this time must be erased. */
    record SessionDeleted(String sessionId, Instant occurredAt) implements SessionEvent {
        public SessionDeleted {
            SessionId.requireValid(sessionId);
        }
    }
}
