package dev.parley.dynamodb.plan;

import dev.parley.dynamodb.layout.BlockSize;
import dev.parley.dynamodb.layout.Retention;
import dev.parley.dynamodb.layout.SessionHead;
import dev.parley.dynamodb.layout.SessionTable;
import dev.parley.dynamodb.layout.TurnPosition;
import dev.parley.session.Counters;
import dev.parley.session.Outcome;
import dev.parley.session.Profile;
import dev.parley.session.SessionEvent;
import dev.parley.session.SessionEvent.SessionDeleted;
import dev.parley.session.SessionEvent.TurnRecorded;
import dev.parley.session.TimeRange;
import dev.parley.session.Turn;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Decides what to write: a pure function of what is stored and what happened. Nothing in here waits
 * or fails but by a defect, and every rule that makes deliveries in any order and any number end in
 * the same session is here or in {@link Profile}:
 *
 * <ul>
 *   <li>a turn's id says what it is, so a second copy changes nothing, whatever its time, and a
 *       higher revision replaces it; the time of the copy that is stored first says where it is;
 *   <li>counters are counted over the very turns that the same write stores;
 *   <li>what an event says of the session as a whole merges by event time, even when its turn is a
 *       duplicate: an older revision may be the only one that said it;
 *   <li>a deletion removes what happened up to its time, and is remembered for what arrives later.
 * </ul>
 *
 * <p>There are three plans. {@link #plan} needs the head alone and is the one that nearly every
 * event gets. {@link LateTurnPlanner} is for turns that may be in a page, and needs the page where
 * they stand. {@link #erase} is for a deletion, and needs what of the pages it leaves.
 */
public final class SessionPlanner {

    /** Beyond that a plan leaves the rest to the next one. */
    static final int MAX_PAGES = 24;

    private final Retention retention;
    private final BlockSize size;
    private final int maxProfileBytes;
    private final LateTurnPlanner late;

    public SessionPlanner(Retention retention, BlockSize size, int maxProfileBytes) {
        this.retention = retention;
        this.size = size;
        this.maxProfileBytes = maxProfileBytes;
        this.late = new LateTurnPlanner(retention, size);
    }

    /**
     * Plans what needs no page: all but deletions, and turns that may be in a page.
     *
     * @param events by their index, which the plan's outcomes have, too
     * @param inNoPage turns that were looked for in the pages and stand behind them all
     */
    public Plan plan(
            SessionHead stored,
            Map<Integer, SessionEvent> events,
            Set<Turn.Identity> inNoPage,
            Instant now) {
        HeadDraft draft = draft(stored, now);
        Set<Turn.Identity> stillInNoPage = new HashSet<>(inNoPage);
        Map<Integer, Outcome> outcomes = new HashMap<>();
        for (Map.Entry<Integer, SessionEvent> each : byTime(events)) {
            SessionEvent event = each.getValue();
            if (draft.isDeleted(event.occurredAt())
                    || retention.hasExpired(event.occurredAt(), now)) {
                outcomes.put(each.getKey(), Outcome.IGNORED);
            } else if (draft.turns.sealed() < MAX_PAGES
                    && !mayBeInAPage(draft, event, stillInNoPage)) {
                outcomes.put(
                        each.getKey(),
                        draft.take(event, knownAt(draft, event), turn -> record(draft, turn)));
            }
        }
        return draft.toPlan(Plan.Way.SEAL, outcomes);
    }

    /** {@link LateTurnPlanner#plan}. */
    public Plan late(
            SessionHead stored,
            LateTurnPlanner.Places places,
            Map<Integer, SessionEvent> events,
            int first,
            Instant now) {
        return late.plan(() -> draft(stored, now), places, events, first, now);
    }

    /** {@link LateTurnPlanner#crowd}. */
    public Optional<TurnPosition> crowd(SessionHead stored) {
        return late.crowd(stored.waiting());
    }

    /** Begins the plan of a deletion. */
    public ErasurePlan erase(SessionHead stored, SessionDeleted deletion, Instant now) {
        return new ErasurePlan(
                stored,
                draft(stored, now),
                deletion,
                retention.kept(now),
                retention.rememberedUntil(deletion.occurredAt(), now));
    }

    /**
     * What has expired counts for nothing, but its version and its page numbers go on. Turns that
     * expired while they waited for their page need none any more.
     */
    private HeadDraft draft(SessionHead stored, Instant now) {
        SessionHead start =
                hasExpired(stored, now)
                        ? SessionHead.empty(stored.version(), stored.pages().expired())
                        : stored;
        HeadDraft draft = new HeadDraft(stored, start, size, retention, maxProfileBytes);
        if (!start.waiting().isEmpty() && retention.hasExpired(start.waiting().first().at(), now)) {
            draft.turns.setWaiting(
                    start.waiting().turns().stream()
                            .filter(turn -> !retention.hasExpired(turn.occurredAt(), now))
                            .toList());
        }
        return draft;
    }

    private boolean hasExpired(SessionHead head, Instant now) {
        return retention.expiryOf(head).filter(expiry -> !expiry.isAfter(now)).isPresent();
    }

    /** When what is not expired happened. */
    public TimeRange kept(Instant now) {
        return retention.kept(now);
    }

    /** In the order of their times, a batch has hardly any turn that is late within it. */
    static List<Map.Entry<Integer, SessionEvent>> byTime(Map<Integer, SessionEvent> events) {
        return events.entrySet().stream()
                .sorted(
                        Map.Entry.<Integer, SessionEvent>comparingByValue(
                                        Comparator.comparing(SessionEvent::occurredAt))
                                .thenComparing(Map.Entry.comparingByKey()))
                .toList();
    }

    /**
     * Whether a turn may be in a page. Knowing that it is in none is good for one copy of it:
     * taken, it may be sealed.
     */
    private boolean mayBeInAPage(HeadDraft draft, SessionEvent event, Set<Turn.Identity> inNoPage) {
        if (!(event instanceof TurnRecorded recorded)) {
            return false;
        }
        Turn turn = recorded.turn();
        TurnsDraft turns = draft.turns;
        Optional<Integer> waiting = turns.waiting().indexOf(turn.identity());
        if (waiting.isPresent()) {
            int index = waiting.get();
            return turn.revision() > turns.waiting().revision(index)
                    && !late.mayWait(turn.inPlaceOf(turns.waiting().turns().get(index)))
                    && !inNoPage.remove(turn.identity());
        }
        // In this order: whether it is in the tail is only certain once what was added is packed.
        return turns.indexOf(turn.identity()).isEmpty()
                && (turns.mayBeSealed(TurnPosition.of(turn)) || turns.mayBeElsewhere(turn))
                && !inNoPage.remove(turn.identity());
    }

    /** When a turn happened by the copy that was stored first; any other event, when it says. */
    private static Instant knownAt(HeadDraft draft, SessionEvent event) {
        return event instanceof TurnRecorded recorded
                ? draft.turns.timeOf(recorded.turn().identity()).orElse(event.occurredAt())
                : event.occurredAt();
    }

    /** A turn that no page holds. */
    private Recorded record(HeadDraft draft, Turn turn) {
        Optional<Integer> known = draft.turns.indexOf(turn.identity());
        if (known.isPresent()) {
            return revise(draft, known.get(), turn);
        }
        Optional<Integer> waiting = draft.turns.waiting().indexOf(turn.identity());
        if (waiting.isPresent()) {
            return reviseWaiting(draft, waiting.get(), turn);
        }
        Optional<String> refusal = size.refusal(turn, SessionTable.MAX_BLOCK_BYTES);
        if (refusal.isPresent()) {
            return new Recorded.Impossible(refusal.get());
        }
        draft.turns.add(turn);
        draft.count(turn);
        return Recorded.CHANGED;
    }

    private Recorded reviseWaiting(HeadDraft draft, int index, Turn turn) {
        List<Turn> waiting = new ArrayList<>(draft.turns.waiting().turns());
        Turn former = waiting.get(index);
        if (turn.revision() <= former.revision()) {
            return Recorded.KNOWN;
        }
        Turn revised = turn.inPlaceOf(former);
        if (late.mayWait(revised)) {
            waiting.set(index, revised);
        } else {
            // There is no page any more that it could stand in.
            waiting.remove(index);
            draft.turns.add(revised);
        }
        draft.turns.setWaiting(waiting);
        draft.recount(former, revised);
        return Recorded.CHANGED;
    }

    private Recorded revise(HeadDraft draft, int index, Turn turn) {
        if (turn.revision() <= draft.turns.tail().revision(index)) {
            return Recorded.KNOWN;
        }
        Optional<String> refusal = size.refusal(turn, SessionTable.MAX_BLOCK_BYTES);
        if (refusal.isPresent()) {
            return new Recorded.Impossible(refusal.get());
        }
        List<Turn> turns = new ArrayList<>(draft.turns.tail().turns());
        Turn former = turns.get(index);
        turns.set(index, turn.inPlaceOf(former));
        draft.recount(former, turns.get(index));
        draft.turns.setTail(turns);
        if (draft.lostMaxLatency && !draft.turns.hasPages()) {
            draft.counters = Counters.of(turns);
            draft.lostMaxLatency = false;
        }
        return Recorded.CHANGED;
    }
}
