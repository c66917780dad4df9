package dev.parley.dynamodb.plan;

import static dev.parley.dynamodb.plan.HeadDraft.later;

import dev.parley.dynamodb.layout.BlockSize;
import dev.parley.dynamodb.layout.LatePlace;
import dev.parley.dynamodb.layout.Retention;
import dev.parley.dynamodb.layout.SessionTable;
import dev.parley.dynamodb.layout.StoredPage;
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
 * Plans turns that stand in a page, or belong there: those that come late, and revisions.
 *
 * <p>A late turn costs little more than any other, since it waits in the head until several can be
 * moved to their page at once. It is counted when it gets into the head, so that moving it says
 * nothing new: the page is written first, then the head without those turns. Who dies in between
 * leaves them in both, and readers take either.
 *
 * <p>What can't wait changes its page in one transaction with the head: a revision of a turn in a
 * page, a turn that is large, and many late turns at once.
 */
public final class LateTurnPlanner {

    /**
     * In characters; a transaction ends at 100 items and 4 MB (<a
     * href="https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html">TransactWriteItems</a>).
     */
    private static final int MAX_LATE_TEXT = 200_000;

    private static final int TEXT_OF_A_TURN = 4_000;

    /**
     * How much longer than it must a page stays that is written for that alone: it would be written
     * with each turn that comes into a split of it.
     */
    private static final Duration SPARE = Duration.ofDays(1);

    private final Retention retention;
    private final BlockSize size;

    LateTurnPlanner(Retention retention, BlockSize size) {
        this.retention = retention;
        this.size = size;
    }

    /**
     * Pages that a plan may change.
     *
     * @param place of the turn that is planned
     * @param crowd of the turns that are moved from the head if there is too much of them, see
     *     {@link #crowd}; it may be the same
     */
    public record Places(LatePlace place, Optional<LatePlace> crowd) {}

    /**
     * Where turns in the head wait for their page that are to be moved with the next plan: where
     * two are closest in time, most belong into the same page. Empty while there is room.
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

    /** Whether a turn is small enough to wait in the head. */
    boolean mayWait(Turn turn) {
        return mayWait(TurnBlock.of(List.of(turn), size.encoding()));
    }

    private boolean mayWait(TurnBlock turns) {
        return turns.bytes() <= size.maxWaitingBytes();
    }

    /**
     * Plans a turn that stands in a page, or belongs there, and with it the others that certainly
     * do so, as many as a transaction takes.
     *
     * @param draft begins a plan
     * @param events by their index
     * @param first the index of that turn's event
     */
    Plan plan(
            Supplier<HeadDraft> draft,
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

    /** One plan as it is made. */
    private final class Late {
        private final HeadDraft draft;
        private final Instant now;
        private final List<Turn> waiting;

        /** As the stored head has them: only these may be in a page before they leave the head. */
        private final Set<Turn> waitedBefore;

        private final LatePlace place;
        private final PageDraft page;
        private final Optional<LatePlace> crowd;

        /** Whether a page changes by what the head doesn't have yet. */
        private boolean amends;

        /** Turns that wait since this plan, or are other ones since. */
        private int more;

        Late(HeadDraft draft, Places places, Instant now) {
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

        private Recorded record(Turn turn) {
            int waits = indexOf(waiting, turn.identity());
            int known = indexOf(page.turns, turn.identity());
            Turn former =
                    waits >= 0 ? waiting.get(waits) : known >= 0 ? page.turns.get(known) : null;
            if (former != null && turn.revision() <= former.revision()) {
                return Recorded.KNOWN;
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
                    return new Recorded.Impossible(refusal.get());
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
            return Recorded.CHANGED;
        }

        /** What waits goes to its page where that is written anyway, or where there is too much. */
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

        private void move(LatePlace from, PageDraft to, Predicate<Turn> which) {
            List<Turn> moved =
                    waiting.stream()
                            .filter(turn -> from.covers(TurnPosition.of(turn)))
                            .filter(which)
                            .toList();
            moved.forEach(to::move);
            waiting.removeAll(moved);
        }
    }

    /** A page as it takes in turns. */
    private final class PageDraft {
        private final LatePlace place;
        private final List<Turn> former;
        private final List<Turn> turns;
        private final Set<Turn.Identity> moved = new HashSet<>();

        PageDraft(LatePlace place) {
            this.place = place;
            former = place.page().page().turns().turns();
            turns = new ArrayList<>(former);
        }

        boolean isOf(LatePlace other) {
            return place.page().key().equals(other.page().key());
        }

        /** Why a turn can't be put into it. */
        Optional<String> refusal(Turn turn) {
            boolean first = turns.isEmpty() || Turn.ORDER.compare(turn, turns.getFirst()) <= 0;
            return size.refusal(
                    turn, first ? maxFirstBytes(place.page()) : SessionTable.MAX_BLOCK_BYTES);
        }

        /** Puts a turn in the place of its former revision, if there is one. */
        void put(Turn turn) {
            int known = indexOf(turns, turn.identity());
            if (known < 0) {
                turns.add(indexBehindEarlier(turns, turn), turn);
            } else if (turn.revision() > turns.get(known).revision()) {
                turns.set(known, turn);
            }
        }

        /** Puts a turn that leaves the head; someone who died may have put it there before. */
        void move(Turn turn) {
            put(turn);
            moved.add(turn.identity());
        }

        void write(HeadDraft draft) {
            if (!moved.isEmpty() || !turns.equals(former)) {
                rewrite(draft, this);
            }
        }

        /** Whether it is a turn that the page, or the head, didn't have there before. */
        boolean isNew(Turn.Identity turn) {
            return moved.contains(turn)
                    || former.stream().noneMatch(each -> each.identity().equals(turn));
        }

        /** Turns that came behind all others leave the page full, others leave room for more. */
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
     * What the first turn of a page may take: it stays in the page's item when the page is split,
     * beside another page perhaps. A page that is larger than that has its item for itself.
     */
    private static int maxFirstBytes(StoredPage page) {
        boolean alone =
                !page.key().splits().isEmpty()
                        || page.page().turns().bytes() > SessionTable.MAX_SHARED_BLOCK_BYTES;
        return alone ? SessionTable.MAX_BLOCK_BYTES : SessionTable.MAX_SHARED_BLOCK_BYTES;
    }

    /** The page, split if need be; those that it was split from must not go before it. */
    private void rewrite(HeadDraft draft, PageDraft changed) {
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

    private static void keep(HeadDraft draft, StoredPage parent, Instant until, long version) {
        TurnPage page = parent.page();
        if (page.expiresAt().isBefore(until)) {
            draft.turns.keep(
                    parent.key(),
                    new TurnPage(page.turns(), page.splits(), null, until.plus(SPARE)),
                    version);
        }
    }

    /** The newest item tells of its own turns; those that come or move elsewhere are remembered. */
    private static void remember(HeadDraft draft, PageDraft changed, List<TurnBlock> blocks) {
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
