package dev.parley.dynamodb.plan;

import static dev.parley.dynamodb.plan.SessionDraft.later;

import dev.parley.dynamodb.layout.BlockSize;
import dev.parley.dynamodb.layout.Retention;
import dev.parley.dynamodb.layout.SessionTable;
import dev.parley.dynamodb.layout.StoredPage;
import dev.parley.dynamodb.layout.TargetPage;
import dev.parley.dynamodb.layout.TurnBlock;
import dev.parley.dynamodb.layout.TurnPage;
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
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Plans turns that are in a page or belong there: late turns and revisions.
 *
 * <p>A late turn costs little more than any other turn, because it waits in the head until several
 * can be moved to their page at once. It is counted when it is added to the head, so that a move
 * changes no counter. A move writes the page first, and then the head without those turns. If the
 * writer crashes in between, both contain these turns, and readers return each of them once.
 *
 * <p>What can't wait changes its page in one transaction with the head: a revision of a turn in a
 * page, a large turn, and many late turns at once.
 */
public final class LateTurnPlanner {

    /**
     * The limit for the text of the late turns in one plan, in characters. A transaction is limited
     * to 100 items and 4 MB (<a
     * href="https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html">TransactWriteItems</a>).
     */
    private static final int MAX_LATE_TEXT = 200_000;

    private static final int TEXT_OF_A_TURN = 4_000;

    /**
     * How much longer than necessary a page is kept if it is written only to extend its expiry.
     * Otherwise it would be written again with each turn that is added to one of its splits.
     */
    private static final Duration SPARE = Duration.ofDays(1);

    private final Retention retention;
    private final BlockSize size;

    LateTurnPlanner(Retention retention, BlockSize size) {
        this.retention = retention;
        this.size = size;
    }

    /**
     * The pages that a plan may change.
     *
     * @param place the page of the turn that is planned
     * @param crowd the page of the waiting turns that are moved there if there are too many in the
     *     head, see {@link #crowd}; it may be the same page
     */
    public record Places(TargetPage place, Optional<TargetPage> crowd) {}

    /**
     * Returns a position for which the next plan moves waiting turns to their page. It is where two
     * waiting turns are closest in time, because most of them belong to the same page there. The
     * result is empty while the head has room.
     */
    Optional<TurnPosition> crowd(TurnBlock waiting) {
        if (mayWait(waiting)) {
            return Optional.empty();
        }
        List<TurnBlock.Entry> turns = waiting.entries();
        TurnPosition crowd = turns.getFirst().position();
        Duration least = null;
        for (int i = 1; i < turns.size(); i++) {
            TurnPosition before = turns.get(i - 1).position();
            Duration apart = Duration.between(before.at(), turns.get(i).position().at());
            if (least == null || apart.compareTo(least) < 0) {
                least = apart;
                crowd = before;
            }
        }
        return Optional.of(crowd);
    }

    /** Returns whether a turn is small enough to wait in the head. */
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
            Places places,
            Map<Integer, SessionEvent> events,
            int first,
            Instant now) {
        int most = events.size();
        Plan plan = new Late(draft.get(), places, now).plan(events, first, most);
        while (plan.pages().size() > SessionPlanner.MAX_PAGES && most > 1) {
            most /= 2;
            plan = new Late(draft.get(), places, now).plan(events, first, most);
        }
        return plan;
    }

    /** One plan while it is made. */
    private final class Late {
        private final SessionDraft draft;
        private final Instant now;
        private final List<Turn> waiting;

        /**
         * The waiting turns of the stored head. Only these may be put into a page before they are
         * removed from the head.
         */
        private final Set<Turn> waitedBefore;

        private final TargetPage place;
        private final PageDraft page;
        private final Optional<TargetPage> crowd;

        /** Whether a page receives turns or revisions that the stored head does not contain. */
        private boolean amends;

        /** The number of waiting turns that this plan adds or replaces. */
        private int more;

        Late(SessionDraft draft, Places places, Instant now) {
            this.draft = draft;
            this.now = now;
            waiting = new ArrayList<>(draft.turns.waiting().turns());
            waitedBefore = Set.copyOf(waiting);
            place = places.place();
            page = new PageDraft(place);
            crowd = places.crowd();
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
            draft.turns.setWaiting(waiting);
            boolean moves = !amends && draft.turns.pages().size() == 1;
            return draft.toPlan(moves ? Plan.Way.MOVE : Plan.Way.AMEND, outcomes);
        }

        private List<Map.Entry<Integer, SessionEvent>> firstThenByTime(
                int first, Map<Integer, SessionEvent> events) {
            List<Map.Entry<Integer, SessionEvent>> sorted =
                    new ArrayList<>(SessionPlanner.byTime(events));
            sorted.sort(Comparator.comparing(event -> event.getKey() != first));
            return sorted;
        }

        private boolean isCertainlyThere(Turn turn) {
            int waits = indexOf(waiting, turn.identity());
            return place.covers(TurnPosition.of(waits < 0 ? turn : waiting.get(waits)))
                    && (waits >= 0
                            || indexOf(page.turns, turn.identity()) >= 0
                            || !draft.turns.mayBeElsewhere(turn));
        }

        private Outcome take(TurnRecorded event) {
            Instant at = event.occurredAt();
            return draft.isDeleted(at) || retention.hasExpired(at, now)
                    ? Outcome.IGNORED
                    : draft.take(event, knownAt(event.turn()), this::record);
        }

        private Instant knownAt(Turn turn) {
            return Stream.concat(waiting.stream(), page.turns.stream())
                    .filter(each -> each.identity().equals(turn.identity()))
                    .findFirst()
                    .orElse(turn)
                    .occurredAt();
        }

        private TurnResult record(Turn turn) {
            int waits = indexOf(waiting, turn.identity());
            int known = indexOf(page.turns, turn.identity());
            Turn former =
                    waits >= 0 ? waiting.get(waits) : known >= 0 ? page.turns.get(known) : null;
            if (former != null && turn.revision() <= former.revision()) {
                return TurnResult.KNOWN;
            }
            Turn placed = former == null ? turn : turn.inPlaceOf(former);
            boolean stays = waits < 0 && known >= 0;
            if (!stays && mayWait(placed)) {
                if (waits >= 0) {
                    waiting.remove(waits);
                }
                waiting.add(indexBehindEarlier(waiting, placed), placed);
                more++;
            } else {
                Optional<String> refusal = page.refusal(placed);
                if (refusal.isPresent()) {
                    return new TurnResult.Impossible(refusal.get());
                }
                if (waits >= 0) {
                    waiting.remove(waits);
                }
                page.put(placed);
                amends = true;
            }
            if (former == null) {
                draft.count(placed);
            } else {
                draft.recount(former, placed);
            }
            return TurnResult.CHANGED;
        }

        /**
         * Moves waiting turns to their page if the page is written anyway, or if there are too many
         * of them.
         */
        private void moveToPages() {
            amends |= more > 1 && isTooMuch(waiting);
            if (amends) {
                move(place, page, turn -> true);
            }
            PageDraft crowded =
                    crowd.filter(there -> !page.isOf(there)).map(PageDraft::new).orElse(page);
            crowd.ifPresent(there -> move(there, crowded, waitedBefore::contains));
            page.write(draft);
            if (crowded != page) {
                crowded.write(draft);
            }
        }

        private boolean isTooMuch(List<Turn> turns) {
            return !mayWait(TurnBlock.of(turns, size.encoding()));
        }

        private void move(TargetPage from, PageDraft to, Predicate<Turn> which) {
            List<Turn> moved =
                    waiting.stream()
                            .filter(turn -> from.covers(TurnPosition.of(turn)))
                            .filter(which)
                            .toList();
            moved.forEach(to::move);
            waiting.removeAll(moved);
        }
    }

    /** A draft of a page, to which turns are added. */
    private final class PageDraft {
        private final TargetPage place;
        private final List<Turn> former;
        private final List<Turn> turns;
        private final Set<Turn.Identity> moved = new HashSet<>();

        PageDraft(TargetPage place) {
            this.place = place;
            former = place.page().page().turns().turns();
            turns = new ArrayList<>(former);
        }

        boolean isOf(TargetPage other) {
            return place.page().key().equals(other.page().key());
        }

        /** Returns why the turn can't be put into the page; empty if it can. */
        Optional<String> refusal(Turn turn) {
            boolean first = turns.isEmpty() || Turn.ORDER.compare(turn, turns.getFirst()) <= 0;
            return size.refusal(
                    turn, first ? maxFirstBytes(place.page()) : SessionTable.MAX_BLOCK_BYTES);
        }

        /** Adds a turn, or replaces its former revision. */
        void put(Turn turn) {
            int known = indexOf(turns, turn.identity());
            if (known < 0) {
                turns.add(indexBehindEarlier(turns, turn), turn);
            } else if (turn.revision() > turns.get(known).revision()) {
                turns.set(known, turn);
            }
        }

        /**
         * Adds a turn that is removed from the head. A writer that crashed may have added it
         * before.
         */
        void move(Turn turn) {
            put(turn);
            moved.add(turn.identity());
        }

        void write(SessionDraft draft) {
            if (!moved.isEmpty() || !turns.equals(former)) {
                rewrite(draft, this);
            }
        }

        /** Returns whether the turn was moved from the head, or was not in the page before. */
        boolean isNew(Turn.Identity turn) {
            return moved.contains(turn)
                    || former.stream().noneMatch(each -> each.identity().equals(turn));
        }

        /**
         * Returns the turns of the page in blocks. If the page has a new last turn, the blocks are
         * filled; otherwise they keep room for more turns.
         */
        List<TurnBlock> blocks() {
            BlockSize bound = size.atDepth(place.page().key().splits().size());
            return turns.getLast().identity().equals(former.getLast().identity())
                    ? bound.halve(turns)
                    : bound.split(turns);
        }
    }

    private static int indexOf(List<Turn> turns, Turn.Identity turn) {
        for (int i = 0; i < turns.size(); i++) {
            if (turns.get(i).identity().equals(turn)) {
                return i;
            }
        }
        return -1;
    }

    private static int indexBehindEarlier(List<Turn> turns, Turn turn) {
        int at = turns.size();
        while (at > 0 && Turn.ORDER.compare(turns.get(at - 1), turn) >= 0) {
            at--;
        }
        return at;
    }

    /**
     * Returns the maximum size of the first turn of a page in bytes. When the page is split, this
     * turn stays in the item of the page, which may contain another page, too. A split has a
     * separate item, and so has a page that is larger than its share of an item.
     */
    private static int maxFirstBytes(StoredPage page) {
        boolean alone =
                !page.key().splits().isEmpty()
                        || page.page().turns().bytes() > SessionTable.MAX_SHARED_BLOCK_BYTES;
        return alone ? SessionTable.MAX_BLOCK_BYTES : SessionTable.MAX_SHARED_BLOCK_BYTES;
    }

    /**
     * Writes the page, and splits it if necessary. The pages that it was split from must not expire
     * before it.
     */
    private void rewrite(SessionDraft draft, PageDraft changed) {
        List<StoredPage> path = changed.place.path();
        StoredPage page = path.getLast();
        List<TurnBlock> blocks = changed.blocks();
        long version = draft.version();
        int splits = page.page().splits() + blocks.size() - 1;
        Instant expiresAt = retention.expiryOf(changed.turns.getLast().occurredAt());
        Instant parentsExpiry = splits == 0 ? expiresAt : expiresAt.plus(Retention.LAG);
        Instant own = later(page.page().expiresAt(), parentsExpiry);
        draft.turns.amend(page.key(), new TurnPage(blocks.getFirst(), splits, null, own), version);
        remember(draft, changed, blocks);
        for (int i = 1; i < blocks.size(); i++) {
            draft.turns.amend(
                    page.key().split(splits + 1 - i),
                    new TurnPage(blocks.get(i), 0, null, expiresAt),
                    version);
        }
        for (StoredPage parent : path.subList(0, path.size() - 1).reversed()) {
            parentsExpiry = parentsExpiry.plus(Retention.LAG);
            keep(draft, parent, parentsExpiry, version);
        }
    }

    private static void keep(SessionDraft draft, StoredPage parent, Instant until, long version) {
        TurnPage page = parent.page();
        if (page.expiresAt().isBefore(until)) {
            draft.turns.keep(
                    parent.key(),
                    new TurnPage(page.turns(), page.splits(), null, until.plus(SPARE)),
                    version);
        }
    }

    /**
     * Records turns that were added to pages. The newest item lists its own turns; those that were
     * added or moved to other items are remembered in the head.
     */
    private static void remember(SessionDraft draft, PageDraft changed, List<TurnBlock> blocks) {
        List<Turn.Identity> inPage = blocks.getFirst().identities().filter(changed::isNew).toList();
        Stream<Turn.Identity> split = blocks.stream().skip(1).flatMap(TurnBlock::identities);
        if (draft.turns.isInNewestItem(changed.place.page().key())) {
            draft.turns.remember(inPage, split.toList());
        } else {
            draft.turns.remember(
                    List.of(),
                    Stream.concat(inPage.stream(), split.filter(changed::isNew)).toList());
        }
    }
}
