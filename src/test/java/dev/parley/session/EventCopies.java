package dev.parley.session;

import dev.parley.session.SessionEvent.SessionDeleted;
import dev.parley.session.SessionEvent.SessionEnded;
import dev.parley.session.SessionEvent.SessionUpdated;
import dev.parley.session.SessionEvent.TurnRecorded;
import java.time.Instant;

/** Copies events, with another time or another id. */
public final class EventCopies {

    private EventCopies() {}

    /** Returns the same event at another time. */
    public static SessionEvent at(SessionEvent event, Instant moment) {
        return switch (event) {
            case TurnRecorded recorded -> at(recorded, moment);
            case SessionUpdated updated ->
                    new SessionUpdated(updated.sessionId(), moment, updated.patch());
            case SessionEnded ended -> new SessionEnded(ended.sessionId(), moment, ended.patch());
            case SessionDeleted deleted -> new SessionDeleted(deleted.sessionId(), moment);
        };
    }

    /** Returns a duplicate of a turn whose publisher states no time, or another one. */
    public static TurnRecorded at(TurnRecorded recorded, Instant moment) {
        return new TurnRecorded(
                recorded.sessionId(), at(recorded.turn(), moment), recorded.patch());
    }

    /** Returns the same turn at another time. */
    public static Turn at(Turn turn, Instant moment) {
        return copy(turn, turn.id(), moment);
    }

    /** Returns another turn with the same content. */
    public static TurnRecorded withId(TurnRecorded recorded, String id) {
        Turn turn = recorded.turn();
        return new TurnRecorded(
                recorded.sessionId(), copy(turn, id, turn.occurredAt()), recorded.patch());
    }

    private static Turn copy(Turn turn, String id, Instant moment) {
        return new Turn(
                id,
                moment,
                turn.revision(),
                turn.sequence(),
                turn.role(),
                turn.content(),
                turn.userId(),
                turn.channel(),
                turn.model(),
                turn.usage(),
                turn.latencyMs(),
                turn.error(),
                turn.metadata());
    }
}
