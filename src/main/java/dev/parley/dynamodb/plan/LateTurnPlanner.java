package dev.parley.dynamodb.plan;

import dev.parley.dynamodb.layout.BlockSize;
import dev.parley.dynamodb.layout.Retention;
import dev.parley.dynamodb.layout.TargetPage;
import dev.parley.dynamodb.layout.TurnBlock;
import dev.parley.dynamodb.layout.TurnPosition;
import dev.parley.session.Outcome;
import dev.parley.session.SessionEvent;
import dev.parley.session.SessionEvent.TurnRecorded;
import dev.parley.session.Turn;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Plans turns that are in a page or belong there: late turns and revisions.
 *
 * <p>A late turn costs little more than any other turn, because it waits in the head until several
 * can be moved to their page at once. It is counted when it is added to the head, so that a move
 * changes no counter. A move writes the page first, and then the head without those turns. If the
 * writer crashes in between, both contain these turns, and readers return each of them once.
 *
 * <p>What can't wait changes its page in one transaction with the head: a revision of a turn in a
 * page, a turn that is too large to wait, and many late turns at once.
 */
public final class LateTurnPlanner {

    /**
     * The limit for the text of the late turns in one plan, in characters. A transaction is limited
     * to 100 items and 4 MB (<a
     * href="https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html">TransactWriteItems</a>).
     */
    private static final int MAX_LATE_TEXT = 200_000;

    private static final int TEXT_OF_A_TURN = 4_000;

    private final Retention retention;
    private final BlockSize size;

    LateTurnPlanner(Retention retention, BlockSize size) {
        this.retention = retention;
        this.size = size;
    }

    /**
     * The pages that a plan may change.
     *
     * @param page the page of the turn that is planned
     * @param crowded the page of the waiting turns that are moved there if there are too many in
     *     the head, see {@link #positionToMove}; it may be the same page
     */
    public record Targets(TargetPage page, Optional<TargetPage> crowded) {}

    /**
     * Returns a position for which the next plan moves waiting turns to their page. It is where two
     * waiting turns are closest in time, because most of them belong to the same page there. The
     * result is empty while the head has room.
     */
    Optional<TurnPosition> positionToMove(TurnBlock waiting) {
        if (mayWait(waiting)) {
            return Optional.empty();
        }
        List<TurnBlock.Entry> turns = waiting.entries();
        TurnPosition closest = turns.getFirst().position();
        Duration shortest = null;
        for (int i = 1; i < turns.size(); i++) {
            TurnPosition before = turns.get(i - 1).position();
            Duration apart = Duration.between(before.at(), turns.get(i).position().at());
            if (shortest == null || apart.compareTo(shortest) < 0) {
                shortest = apart;
                closest = before;
            }
        }
        return Optional.of(closest);
    }

    /** Returns whether a turn is small enough to wait in the head, as blocks contain it. */
    boolean mayWait(Turn turn) {
        return mayWait(TurnBlock.of(List.of(turn), size.encoding()));
    }

    private boolean mayWait(TurnBlock turns) {
        return turns.bytes() <= size.maxWaitingBytes();
    }

    /**
     * Plans a turn that is in a page or belongs there. The plan also contains other turns that
     * certainly are in the same page or belong there, as many as one transaction allows.
     *
     * @param draft starts a draft of the head
     * @param events events by their index
     * @param first the index of that turn's event
     */
    Plan plan(
            Supplier<SessionDraft> draft,
            Targets targets,
            Map<Integer, SessionEvent> events,
            int first,
            Instant now) {
        int most = events.size();
        Plan plan = new LatePlan(draft.get(), targets, now).plan(events, first, most);
        while (plan.pages().size() > SessionPlanner.MAX_PAGES && most > 1) {
            most /= 2;
            plan = new LatePlan(draft.get(), targets, now).plan(events, first, most);
        }
        return plan;
    }

    /** One plan while it is made. */
    private final class LatePlan {
        private final SessionDraft draft;
        private final Instant now;
        private final OrderedTurns waiting;

        /**
         * The waiting turns of the stored head. Only these may be put into a page before they are
         * removed from the head.
         */
        private final Set<Turn> waitedBefore;

        private final TargetPage target;
        private final PageDraft page;
        private final Optional<TargetPage> crowded;

        /** Whether a page receives turns or revisions that the stored head does not contain. */
        private boolean amends;

        /** The number of waiting turns that this plan adds or replaces. */
        private int more;

        LatePlan(SessionDraft draft, Targets targets, Instant now) {
            this.draft = draft;
            this.now = now;
            waiting = new OrderedTurns(draft.turns.waiting().turns());
            waitedBefore = Set.copyOf(waiting.list());
            target = targets.page();
            page = new PageDraft(target, size, retention);
            crowded = targets.crowded();
        }

        Plan plan(Map<Integer, SessionEvent> events, int first, int most) {
            Map<Integer, Outcome> outcomes = new HashMap<>();
            int room = MAX_LATE_TEXT;
            int taken = 0;
            for (Map.Entry<Integer, SessionEvent> each : firstThenByTime(first, events)) {
                int i = each.getKey();
                if (each.getValue() instanceof TurnRecorded recorded
                        && room > 0
                        && taken < most
                        && (i == first || isCertainlyThere(recorded.turn()))) {
                    room -= recorded.turn().textLength() + TEXT_OF_A_TURN;
                    taken++;
                    outcomes.put(i, take(recorded));
                }
            }
            moveToPages();
            draft.turns.setWaiting(waiting.list());
            boolean moves = !amends && draft.turns.pages().size() == 1;
            return draft.toPlan(moves ? Plan.WriteMode.MOVE : Plan.WriteMode.AMEND, outcomes);
        }

        private List<Map.Entry<Integer, SessionEvent>> firstThenByTime(
                int first, Map<Integer, SessionEvent> events) {
            List<Map.Entry<Integer, SessionEvent>> sorted =
                    new ArrayList<>(SessionPlanner.byTime(events));
            sorted.sort(Comparator.comparing(event -> event.getKey() != first));
            return sorted;
        }

        private boolean isCertainlyThere(Turn turn) {
            Turn waits = waiting.find(turn.identity());
            return target.covers(TurnPosition.of(waits == null ? turn : waits))
                    && (waits != null
                            || page.turns.contains(turn.identity())
                            || !draft.turns.mayBeInOtherPage(turn));
        }

        private Outcome take(TurnRecorded event) {
            Instant at = event.occurredAt();
            return draft.isDeleted(at) || retention.hasExpired(at, now)
                    ? Outcome.IGNORED
                    : draft.take(event, knownAt(event.turn()), this::record);
        }

        private Instant knownAt(Turn turn) {
            return Optional.ofNullable(storedCopy(turn)).orElse(turn).occurredAt();
        }

        /** Returns the copy of the turn that waits in the head or is in the page, if any. */
        private @Nullable Turn storedCopy(Turn turn) {
            Turn waits = waiting.find(turn.identity());
            return waits != null ? waits : page.turns.find(turn.identity());
        }

        private boolean record(Turn turn) {
            Turn former = storedCopy(turn);
            if (former != null && turn.revision() <= former.revision()) {
                return false;
            }
            Turn placed = draft.inBlocks(former == null ? turn : turn.inPlaceOf(former));
            boolean onlyInPage = former != null && !waiting.contains(turn.identity());
            if (!onlyInPage && mayWait(placed)) {
                waiting.put(placed);
                more++;
            } else {
                waiting.remove(placed.identity());
                page.turns.put(placed);
                amends = true;
            }
            if (former == null) {
                draft.count(placed);
            } else {
                draft.recount(former, placed);
            }
            return true;
        }

        /**
         * Moves waiting turns to their page if the page is written anyway, or if there are too many
         * of them.
         */
        private void moveToPages() {
            amends |= more > 1 && isTooMuch(waiting.list());
            if (amends) {
                move(target, page, turn -> true);
            }
            PageDraft other =
                    crowded.filter(there -> !page.isOf(there))
                            .map(there -> new PageDraft(there, size, retention))
                            .orElse(page);
            crowded.ifPresent(there -> move(there, other, waitedBefore::contains));
            page.write(draft);
            if (other != page) {
                other.write(draft);
            }
        }

        private boolean isTooMuch(List<Turn> turns) {
            return !mayWait(TurnBlock.of(turns, size.encoding()));
        }

        private void move(TargetPage from, PageDraft to, Predicate<Turn> which) {
            List<Turn> moved =
                    waiting.list().stream()
                            .filter(turn -> from.covers(TurnPosition.of(turn)))
                            .filter(which)
                            .toList();
            moved.forEach(to::move);
            waiting.removeAll(moved);
        }
    }
}
