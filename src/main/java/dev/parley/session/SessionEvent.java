package dev.parley.session;

import java.time.Instant;

/** Something that happened in a session. The time is the event's own, never that of its arrival. */
public sealed interface SessionEvent {

    String sessionId();

    Instant occurredAt();

    /** A turn was said, or said anew: the {@link Turn#revision} tells. */
    record TurnRecorded(String sessionId, Turn turn, Patch patch) implements SessionEvent {
        public TurnRecorded {
            SessionId.requireValid(sessionId);
        }

        @Override
        public Instant occurredAt() {
            return turn.occurredAt();
        }
    }

    /** Attributes, user data, user or channel changed. */
    record SessionUpdated(String sessionId, Instant occurredAt, Patch patch)
            implements SessionEvent {
        public SessionUpdated {
            SessionId.requireValid(sessionId);
        }
    }

    /** The conversation is over; a turn that is clearly later opens it again. */
    record SessionEnded(String sessionId, Instant occurredAt, Patch patch) implements SessionEvent {
        public SessionEnded {
            SessionId.requireValid(sessionId);
        }
    }

    /** All that happened up to this moment must be forgotten. */
    record SessionDeleted(String sessionId, Instant occurredAt) implements SessionEvent {
        public SessionDeleted {
            SessionId.requireValid(sessionId);
        }
    }
}
