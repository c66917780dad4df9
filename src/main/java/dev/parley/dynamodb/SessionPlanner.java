package dev.parley.dynamodb;

import dev.parley.session.Counters;
import dev.parley.session.Outcome;
import dev.parley.session.Patch;
import dev.parley.session.Profile;
import dev.parley.session.SessionEvent;
import dev.parley.session.SessionEvent.SessionDeleted;
import dev.parley.session.SessionEvent.SessionEnded;
import dev.parley.session.SessionEvent.SessionUpdated;
import dev.parley.session.SessionEvent.TurnRecorded;
import dev.parley.session.Turn;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Decides what to write: a pure function of what is stored and what happened. Nothing in here waits
 * or fails but by a defect, and every rule that makes deliveries in any order and any number end in
 * the same session is here or in {@link Profile}:
 *
 * <ul>
 *   <li>a turn's id says what it is, so a second copy changes nothing and a higher revision
 *       replaces it;
 *   <li>counters are counted over the very turns that the same write stores;
 *   <li>what an event says of the session as a whole merges by event time, even when its turn is a
 *       duplicate: an older revision may be the only one that said it;
 *   <li>a deletion removes what happened up to its time, and is remembered for what arrives later.
 * </ul>
 */
final class SessionPlanner {

    private final Retention retention;
    private final HeadItems items;
    private final int maxProfileBytes;

    SessionPlanner(Retention retention, HeadItems items, int maxProfileBytes) {
        this.retention = retention;
        this.items = items;
        this.maxProfileBytes = maxProfileBytes;
    }

    /**
     * The head after the events, and what became of each of them.
     *
     * @param outcomes one per event, in their order
     */
    record Plan(SessionHead head, List<Outcome> outcomes) {

        /** Whether there is anything to write. */
        boolean changes() {
            return outcomes.contains(Outcome.APPLIED);
        }
    }

    Plan plan(String sessionId, SessionHead stored, List<SessionEvent> events, Instant now) {
        SessionHead start =
                expired(stored, now) ? SessionHead.empty(stored.version(), null) : stored;
        Plan plan = fold(start, events, now, head -> Optional.empty());
        if (items.size(sessionId, plan.head()) > SessionTable.MAX_ITEM_BYTES) {
            plan = fold(start, events, now, head -> tooLarge(sessionId, head));
        }
        return new Plan(plan.head().withVersion(stored.version() + 1), plan.outcomes());
    }

    private boolean expired(SessionHead stored, Instant now) {
        return retention.expiryOf(stored).filter(expiry -> !expiry.isAfter(now)).isPresent();
    }

    private Optional<String> tooLarge(String sessionId, SessionHead head) {
        return items.size(sessionId, head) > SessionTable.MAX_ITEM_BYTES
                ? Optional.of("the session's item would be larger than DynamoDB takes, 400 KB")
                : Optional.empty();
    }

    /** Takes in one event after the other, setting aside those whose result has a problem. */
    private Plan fold(SessionHead head, List<SessionEvent> events, Instant now, Limit limit) {
        List<Outcome> outcomes = new ArrayList<>(events.size());
        for (SessionEvent event : events) {
            Optional<Outcome> settled = settledBefore(head, event, now);
            if (settled.isPresent()) {
                outcomes.add(settled.get());
                continue;
            }
            SessionHead next = apply(head, event);
            Optional<String> problem = profileProblem(head, next).or(() -> limit.problemWith(next));
            if (problem.isPresent()) {
                outcomes.add(new Outcome.Rejected(problem.get()));
            } else {
                outcomes.add(next.equals(head) ? Outcome.DUPLICATE : Outcome.APPLIED);
                head = next;
            }
        }
        return new Plan(head, outcomes);
    }

    @FunctionalInterface
    private interface Limit {
        Optional<String> problemWith(SessionHead head);
    }

    /** What becomes of an event whose time alone decides. */
    private Optional<Outcome> settledBefore(SessionHead head, SessionEvent event, Instant now) {
        Instant deletedAt = head.deletedAt();
        boolean beforeDeletion = deletedAt != null && !event.occurredAt().isAfter(deletedAt);
        if (event instanceof SessionDeleted) {
            return beforeDeletion ? Optional.of(Outcome.DUPLICATE) : Optional.empty();
        }
        return beforeDeletion || retention.hasExpired(event.occurredAt(), now)
                ? Optional.of(Outcome.IGNORED)
                : Optional.empty();
    }

    private Optional<String> profileProblem(SessionHead head, SessionHead next) {
        return !next.profile().equals(head.profile())
                        && items.profileSize(next.profile()) > maxProfileBytes
                ? Optional.of(
                        "attributes and user data would be larger than %d bytes together"
                                .formatted(maxProfileBytes))
                : Optional.empty();
    }

    private SessionHead apply(SessionHead head, SessionEvent event) {
        return switch (event) {
            case TurnRecorded recorded ->
                    record(merge(head, event, recorded.patch()), recorded.turn());
            case SessionUpdated updated -> merge(head, event, updated.patch());
            case SessionEnded ended -> end(merge(head, event, ended.patch()), event.occurredAt());
            case SessionDeleted deleted -> delete(head, deleted.occurredAt());
        };
    }

    private static SessionHead merge(SessionHead head, SessionEvent event, Patch patch) {
        return new SessionHead(
                head.version(),
                head.deletedAt(),
                later(head.asOf(), event.occurredAt()),
                head.endedAt(),
                head.profile().merge(patch, event.occurredAt()),
                head.counters(),
                head.turns());
    }

    private static SessionHead record(SessionHead head, Turn turn) {
        for (int i = 0; i < head.turns().size(); i++) {
            Turn known = head.turns().get(i);
            if (known.id().equals(turn.id())) {
                return turn.revision() > known.revision() ? replace(head, i, turn) : head;
            }
        }
        return withTurns(head, head.counters().plus(turn), inserted(head.turns(), turn));
    }

    /** Counts anew: the highest latency can't be taken back out of a maximum. */
    private static SessionHead replace(SessionHead head, int index, Turn turn) {
        List<Turn> others = new ArrayList<>(head.turns());
        others.remove(index);
        List<Turn> turns = inserted(others, turn);
        return withTurns(head, Counters.of(turns), turns);
    }

    private static List<Turn> inserted(List<Turn> turns, Turn turn) {
        List<Turn> inserted = new ArrayList<>(turns);
        int at = inserted.size();
        while (at > 0 && Turn.ORDER.compare(inserted.get(at - 1), turn) > 0) {
            at--;
        }
        inserted.add(at, turn);
        return inserted;
    }

    private static SessionHead withTurns(SessionHead head, Counters counters, List<Turn> turns) {
        return new SessionHead(
                head.version(),
                head.deletedAt(),
                head.asOf(),
                head.endedAt(),
                head.profile(),
                counters,
                turns);
    }

    private static SessionHead end(SessionHead head, Instant at) {
        return new SessionHead(
                head.version(),
                head.deletedAt(),
                head.asOf(),
                later(head.endedAt(), at),
                head.profile(),
                head.counters(),
                head.turns());
    }

    private static SessionHead delete(SessionHead head, Instant deletedAt) {
        List<Turn> left =
                head.turns().stream().filter(turn -> turn.occurredAt().isAfter(deletedAt)).toList();
        return new SessionHead(
                head.version(),
                deletedAt,
                ifAfter(deletedAt, head.asOf()),
                ifAfter(deletedAt, head.endedAt()),
                head.profile().after(deletedAt),
                Counters.of(left),
                left);
    }

    private static Instant later(@Nullable Instant known, Instant at) {
        return known != null && known.isAfter(at) ? known : at;
    }

    private static @Nullable Instant ifAfter(Instant moment, @Nullable Instant at) {
        return at != null && at.isAfter(moment) ? at : null;
    }
}
