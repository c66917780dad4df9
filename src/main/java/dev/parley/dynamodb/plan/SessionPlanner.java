package dev.parley.dynamodb.plan;

import dev.parley.dynamodb.layout.BlockSize;
import dev.parley.dynamodb.layout.HeadItems;
import dev.parley.dynamodb.layout.ProfileItem;
import dev.parley.dynamodb.layout.Retention;
import dev.parley.dynamodb.layout.SessionHead;
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
 * Decides what to write. The result depends only on the stored data and on the events. The code in
 * this class neither waits nor fails, except because of a defect. Deliveries in any order and any
 * number result in the same session. The rules for this are all here or in {@link Profile}:
 *
 * <ul>
 *   <li>A turn is identified by its id and its role. A second copy changes nothing, whatever its
 *       time is, and a higher revision replaces the turn. The time of the copy that is stored first
 *       determines the position.
 *   <li>Counters count exactly the turns that the same write stores.
 *   <li>What an event states about the session as a whole is merged by the time of the event, even
 *       if its turn is a duplicate: an older revision may be the only event that states it.
 *   <li>A deletion removes what happened up to its time, and it is remembered for events that
 *       arrive later.
 * </ul>
 *
 * <p>There are three kinds of plans. {@link #plan} needs only the head, and is the plan for nearly
 * every event. {@link LateTurnPlanner} plans turns that may be in a page, and needs that page.
 * {@link #erase} plans a deletion, and needs the turns in pages that remain.
 */
public final class SessionPlanner {

    /** A plan with this many pages leaves the other events to the next plan. */
    static final int MAX_PAGES = 24;

    /** A plan with this many parts of large turns does the same. They take about 9 MB. */
    static final int MAX_PARTS = 24;

    private final Retention retention;
    private final BlockSize size;
    private final HeadItems items;
    private final int maxProfileBytes;
    private final LateTurnPlanner late;

    /**
     * @throws IllegalArgumentException if profiles may be larger than an item
     */
    public SessionPlanner(
            Retention retention, BlockSize size, HeadItems items, int maxProfileBytes) {
        if (maxProfileBytes > ProfileItem.MAX_BYTES) {
            throw new IllegalArgumentException(
                    "parley.table.max-profile-bytes must be at most %d, but is %d"
                            .formatted(ProfileItem.MAX_BYTES, maxProfileBytes));
        }
        this.retention = retention;
        this.size = size;
        this.items = items;
        this.maxProfileBytes = maxProfileBytes;
        this.late = new LateTurnPlanner(retention, size);
    }

    /**
     * Plans everything that needs no page: all events except deletions and turns that may be in a
     * page.
     *
     * @param events events by their index; the outcomes of the plan have the same indexes
     * @param inNoPage turns that were searched for in the pages and belong after all of them
     */
    public Plan plan(
            SessionHead stored,
            Map<Integer, SessionEvent> events,
            Set<Turn.Identity> inNoPage,
            Instant now) {
        SessionDraft draft = draft(sessionId(events), stored, now);
        Set<Turn.Identity> stillInNoPage = new HashSet<>(inNoPage);
        Map<Integer, Outcome> outcomes = new HashMap<>();
        for (Map.Entry<Integer, SessionEvent> each : byTime(events)) {
            SessionEvent event = each.getValue();
            if (draft.isDeleted(event.occurredAt())
                    || retention.hasExpired(event.occurredAt(), now)) {
                outcomes.put(each.getKey(), Outcome.IGNORED);
            } else if (draft.hasRoom() && !mayBeInAPage(draft, event, stillInNoPage)) {
                outcomes.put(
                        each.getKey(),
                        draft.take(event, knownAt(draft, event), turn -> record(draft, turn)));
            }
        }
        return draft.toPlan(Plan.WriteMode.SEAL, outcomes);
    }

    /** Plans turns that are in a page or belong there, see {@link LateTurnPlanner#plan}. */
    public Plan late(
            SessionHead stored,
            LateTurnPlanner.Targets targets,
            Map<Integer, SessionEvent> events,
            int first,
            Instant now) {
        String sessionId = sessionId(events);
        return late.plan(() -> draft(sessionId, stored, now), targets, events, first, now);
    }

    /**
     * Returns a position for which waiting turns are moved to their page, see {@link
     * LateTurnPlanner#positionToMove}.
     */
    public Optional<TurnPosition> positionToMove(SessionHead stored) {
        return late.positionToMove(stored.waiting());
    }

    /** Starts the plan of a deletion. */
    public ErasurePlan erase(SessionHead stored, SessionDeleted deletion, Instant now) {
        return new ErasurePlan(
                stored,
                draft(deletion.sessionId(), stored, now),
                deletion,
                retention.kept(now),
                retention.rememberedUntil(deletion.occurredAt(), now));
    }

    private static String sessionId(Map<Integer, SessionEvent> events) {
        return events.values().iterator().next().sessionId();
    }

    /**
     * Starts a draft. If the stored head has expired, nothing of it counts, but its version and its
     * page numbers continue. Turns that have expired while they waited for their page are dropped.
     */
    private SessionDraft draft(String sessionId, SessionHead stored, Instant now) {
        SessionHead start = hasExpired(stored, now) ? stored.expired() : stored;
        SessionDraft draft =
                new SessionDraft(sessionId, start, size, retention, items, maxProfileBytes);
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

    /** Returns the range of times of events that have not expired. */
    public TimeRange kept(Instant now) {
        return retention.kept(now);
    }

    /**
     * Sorts events by their times. In this order hardly any turn is late in relation to its own
     * batch.
     */
    static List<Map.Entry<Integer, SessionEvent>> byTime(Map<Integer, SessionEvent> events) {
        return events.entrySet().stream()
                .sorted(
                        Map.Entry.<Integer, SessionEvent>comparingByValue(
                                        Comparator.comparing(SessionEvent::occurredAt))
                                .thenComparing(Map.Entry.comparingByKey()))
                .toList();
    }

    /**
     * Returns whether a turn may be in a page. That a turn is in no page is valid for one copy of
     * it only: after this copy has been applied, it may be sealed into a page.
     */
    private boolean mayBeInAPage(
            SessionDraft draft, SessionEvent event, Set<Turn.Identity> inNoPage) {
        if (!(event instanceof TurnRecorded recorded)) {
            return false;
        }
        Turn turn = recorded.turn();
        TurnsDraft turns = draft.turns;
        Optional<Integer> waiting = turns.waiting().indexOf(turn.identity());
        if (waiting.isPresent()) {
            int index = waiting.get();
            return turn.revision() > turns.waiting().revision(index)
                    && !size.isLarge(turn, items.format())
                    && !late.mayWait(turn.inPlaceOf(turns.waiting().turns().get(index)))
                    && !isInNoPage(turns, turn, inNoPage);
        }
        // indexOf comes first: it packs the added turns, and only then the tail is complete.
        return turns.indexOf(turn.identity()).isEmpty()
                && (turns.mayBeSealed(TurnPosition.of(turn)) || turns.mayBeInOtherPage(turn))
                && !isInNoPage(turns, turn, inNoPage);
    }

    /**
     * Returns whether a search has shown that the turn belongs after all pages, and that is still
     * so: the plan may have sealed turns after this one since.
     */
    private static boolean isInNoPage(TurnsDraft turns, Turn turn, Set<Turn.Identity> inNoPage) {
        return turns.isAfterSealed(TurnPosition.of(turn)) && inNoPage.remove(turn.identity());
    }

    /**
     * Returns when the event happened. For a turn that is known, this is the time of the copy that
     * was stored first.
     */
    private static Instant knownAt(SessionDraft draft, SessionEvent event) {
        return event instanceof TurnRecorded recorded
                ? draft.turns.timeOf(recorded.turn().identity()).orElse(event.occurredAt())
                : event.occurredAt();
    }

    /** Stores a turn that is in no page. */
    private boolean record(SessionDraft draft, Turn turn) {
        Optional<Integer> known = draft.turns.indexOf(turn.identity());
        if (known.isPresent()) {
            return revise(draft, known.get(), turn);
        }
        Optional<Integer> waiting = draft.turns.waiting().indexOf(turn.identity());
        if (waiting.isPresent()) {
            return reviseWaiting(draft, waiting.get(), turn);
        }
        draft.turns.add(draft.inBlocks(turn));
        draft.count(turn);
        return true;
    }

    private boolean reviseWaiting(SessionDraft draft, int index, Turn turn) {
        List<Turn> waiting = new ArrayList<>(draft.turns.waiting().turns());
        Turn former = waiting.get(index);
        if (turn.revision() <= former.revision()) {
            return false;
        }
        Turn revised = draft.inBlocks(turn.inPlaceOf(former));
        if (late.mayWait(revised)) {
            waiting.set(index, revised);
        } else {
            // No page is left that could contain the turn.
            waiting.remove(index);
            draft.turns.add(revised);
        }
        draft.turns.setWaiting(waiting);
        draft.recount(former, revised);
        return true;
    }

    private boolean revise(SessionDraft draft, int index, Turn turn) {
        if (turn.revision() <= draft.turns.tail().revision(index)) {
            return false;
        }
        List<Turn> turns = new ArrayList<>(draft.turns.tail().turns());
        Turn former = turns.get(index);
        turns.set(index, draft.inBlocks(turn.inPlaceOf(former)));
        draft.recount(former, turns.get(index));
        draft.turns.setTail(turns);
        if (draft.lostMaxLatency && !draft.turns.pages().exist()) {
            draft.counters = Counters.of(turns);
            draft.lostMaxLatency = false;
        }
        return true;
    }
}
