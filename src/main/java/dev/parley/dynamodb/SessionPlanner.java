package dev.parley.dynamodb;

import static dev.parley.dynamodb.HeadDraft.later;

import dev.parley.session.Counters;
import dev.parley.session.Outcome;
import dev.parley.session.Patch;
import dev.parley.session.Profile;
import dev.parley.session.SessionEvent;
import dev.parley.session.SessionEvent.SessionDeleted;
import dev.parley.session.SessionEvent.SessionEnded;
import dev.parley.session.SessionEvent.SessionUpdated;
import dev.parley.session.SessionEvent.TurnRecorded;
import dev.parley.session.TimeRange;
import dev.parley.session.Turn;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

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
 * event gets. {@link #late} is for turns that may be in a page, and needs the page where they
 * stand. {@link #erase} is for a deletion, and needs what of the pages it leaves.
 */
final class SessionPlanner {

    /** Beyond that a plan leaves the rest to the next one. */
    private static final int MAX_PAGES = 24;

    /**
     * In characters; a transaction ends at 100 items and 4 MB (<a
     * href="https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html">TransactWriteItems</a>).
     */
    private static final int MAX_LATE_TEXT = 200_000;

    /** Of a UTF-16 unit, at most. */
    private static final int UTF_8_BYTES_OF_A_CHARACTER = 3;

    private static final int TEXT_OF_A_TURN = 4_000;

    private final Retention retention;
    private final BlockSize size;
    private final int maxProfileBytes;

    SessionPlanner(Retention retention, BlockSize size, int maxProfileBytes) {
        this.retention = retention;
        this.size = size;
        this.maxProfileBytes = maxProfileBytes;
    }

    /**
     * Plans what needs no page: all but deletions, and turns that may be in a page.
     *
     * @param inNoPage turns that were looked for in the pages and stand behind them all
     */
    Plan plan(
            SessionHead stored,
            List<SessionEvent> events,
            Set<Turn.Identity> inNoPage,
            Instant now) {
        HeadDraft draft = draft(stored, now);
        Set<Turn.Identity> stillInNoPage = new HashSet<>(inNoPage);
        @Nullable Outcome[] outcomes = new Outcome[events.size()];
        for (int i : byTime(events)) {
            SessionEvent event = events.get(i);
            if (isOver(draft, event, now)) {
                outcomes[i] = Outcome.IGNORED;
            } else if (draft.turns.sealed() < MAX_PAGES
                    && !mayBeInAPage(draft, event, stillInNoPage)) {
                outcomes[i] =
                        take(draft, event, knownAt(draft, event), turn -> record(draft, turn));
            }
        }
        return finish(draft, stored, false, outcomes);
    }

    /**
     * Plans a turn that stands in a page, or belongs there, and with it the others that certainly
     * do so, as many as a transaction takes.
     *
     * @param first the index of that turn's event
     */
    Plan late(
            SessionHead stored,
            LatePlace place,
            List<SessionEvent> events,
            int first,
            Instant now) {
        int most = events.size();
        Plan plan = late(stored, place, events, first, most, now);
        while (plan.pages().size() > MAX_PAGES && most > 1) {
            most /= 2;
            plan = late(stored, place, events, first, most, now);
        }
        return plan;
    }

    private Plan late(
            SessionHead stored,
            LatePlace place,
            List<SessionEvent> events,
            int first,
            int most,
            Instant now) {
        HeadDraft draft = draft(stored, now);
        List<Turn> former = place.page().page().turns().turns();
        List<Turn> turns = new ArrayList<>(former);
        @Nullable Outcome[] outcomes = new Outcome[events.size()];
        int room = MAX_LATE_TEXT;
        int taken = 0;
        int maxFirst = maxFirstBytes(place.page());
        for (int i : firstThenByTime(first, events)) {
            if (events.get(i) instanceof TurnRecorded recorded && room > 0 && taken < most) {
                Turn turn = recorded.turn();
                if (i == first || isCertainlyThere(draft, place, turns, turn)) {
                    room -= turn.textLength() + TEXT_OF_A_TURN;
                    taken++;
                    int known = indexOf(turns, turn.identity());
                    Instant at = known < 0 ? turn.occurredAt() : turns.get(known).occurredAt();
                    outcomes[i] =
                            isOver(draft, recorded, now)
                                    ? Outcome.IGNORED
                                    : take(
                                            draft,
                                            recorded,
                                            at,
                                            each -> place(draft, turns, each, maxFirst));
                }
            }
        }
        if (!turns.equals(former)) {
            rewrite(draft, place.path(), turns, stored.version() + 1);
        }
        return finish(draft, stored, true, outcomes);
    }

    private static List<Integer> firstThenByTime(int first, List<SessionEvent> events) {
        return Stream.concat(Stream.of(first), byTime(events).stream().filter(i -> i != first))
                .toList();
    }

    private static boolean isCertainlyThere(
            HeadDraft draft, LatePlace place, List<Turn> turns, Turn turn) {
        return place.covers(TurnPosition.of(turn))
                && (indexOf(turns, turn.identity()) >= 0 || !draft.turns.mayBeElsewhere(turn));
    }

    /**
     * Plans a deletion: what is left moves to new pages, all old ones go.
     *
     * @param left the turns in pages that happened after it, in order
     */
    Plan erase(SessionHead stored, SessionDeleted deletion, List<Turn> left, Instant now) {
        HeadDraft draft = draft(stored, now);
        Instant moment = deletion.occurredAt();
        if (draft.deletedAt != null && !moment.isAfter(draft.deletedAt)) {
            return new Plan(
                    stored,
                    draft.turns.pages(),
                    Set.of(),
                    false,
                    false,
                    List.of(Outcome.DUPLICATE));
        }
        List<Turn> turns = new ArrayList<>(left);
        draft.turns.tail().turns().stream()
                .filter(turn -> turn.occurredAt().isAfter(moment))
                .forEach(turns::add);
        turns.removeIf(turn -> retention.hasExpired(turn.occurredAt(), now));
        draft.deletedAt = moment;
        draft.rememberedUntil = retention.rememberedUntil(moment, now);
        draft.asOf = ifAfter(moment, draft.asOf);
        draft.endedAt = ifAfter(moment, draft.endedAt);
        draft.profile = draft.profile.after(moment);
        draft.counters = Counters.of(turns);
        draft.firstTurnAt = turns.isEmpty() ? null : turns.getFirst().occurredAt();
        draft.lastTurnAt = turns.isEmpty() ? null : turns.getLast().occurredAt();
        draft.turns.dropPages();
        draft.turns.setTail(turns);
        return finish(draft, stored, false, new Outcome[] {Outcome.APPLIED});
    }

    /** What has expired counts for nothing, but its version and its page numbers go on. */
    private HeadDraft draft(SessionHead stored, Instant now) {
        SessionHead start =
                hasExpired(stored, now)
                        ? SessionHead.empty(stored.version(), stored.pages().expired())
                        : stored;
        return new HeadDraft(start, size, retention);
    }

    private boolean hasExpired(SessionHead head, Instant now) {
        return retention.expiryOf(head).filter(expiry -> !expiry.isAfter(now)).isPresent();
    }

    /** When what is not expired happened. */
    TimeRange kept(Instant now) {
        return retention.kept(now);
    }

    private static Plan finish(
            HeadDraft draft, SessionHead stored, boolean together, @Nullable Outcome[] outcomes) {
        return new Plan(
                draft.toHead(stored.version() + 1),
                draft.turns.pages(),
                draft.turns.vacant(),
                together && !draft.turns.pages().isEmpty(),
                draft.lostMaxLatency,
                Arrays.asList(outcomes));
    }

    /** In the order of their times, a batch has hardly any turn that is late within it. */
    private static List<Integer> byTime(List<SessionEvent> events) {
        return IntStream.range(0, events.size())
                .boxed()
                .sorted(Comparator.comparing(i -> events.get(i).occurredAt()))
                .toList();
    }

    /**
     * Whether a turn may be in a page. Knowing that it is in none is good for one copy of it:
     * taken, it may be sealed.
     */
    private static boolean mayBeInAPage(
            HeadDraft draft, SessionEvent event, Set<Turn.Identity> inNoPage) {
        if (!(event instanceof TurnRecorded recorded)) {
            return false;
        }
        Turn turn = recorded.turn();
        TurnsDraft turns = draft.turns;
        // In this order: whether it is in the tail is only certain once what was added is packed.
        return turns.indexOf(turn.identity()).isEmpty()
                && (turns.mayBeSealed(TurnPosition.of(turn)) || turns.mayBeElsewhere(turn))
                && !inNoPage.remove(turn.identity());
    }

    /** Whether it has nothing to say any more. */
    private boolean isOver(HeadDraft draft, SessionEvent event, Instant now) {
        Instant at = event.occurredAt();
        return (draft.deletedAt != null && !at.isAfter(draft.deletedAt))
                || retention.hasExpired(at, now);
    }

    /** What a turn does to a draft; tells why if it can do nothing. */
    @FunctionalInterface
    private interface Recording {
        Recorded of(Turn turn);
    }

    /** What became of a turn, apart from what its event says of the session. */
    private sealed interface Recorded {
        record Changed() implements Recorded {}

        record Known() implements Recorded {}

        record Impossible(String reason) implements Recorded {}
    }

    private static final Recorded CHANGED = new Recorded.Changed();
    private static final Recorded KNOWN = new Recorded.Known();

    /** When a turn happened by the copy that was stored first; any other event, when it says. */
    private static Instant knownAt(HeadDraft draft, SessionEvent event) {
        return event instanceof TurnRecorded recorded
                ? draft.turns.timeOf(recorded.turn().identity()).orElse(event.occurredAt())
                : event.occurredAt();
    }

    /**
     * @param at when the event happened: a copy of a turn at another time says nothing newer
     */
    private Outcome take(HeadDraft draft, SessionEvent event, Instant at, Recording recording) {
        Profile profile = draft.profile.merge(patch(event), at);
        boolean changed = !profile.equals(draft.profile);
        if (hasOtherData(profile, draft.profile)
                && ProfileAttributes.size(profile) > maxProfileBytes) {
            return new Outcome.Rejected(
                    "attributes and user data would be larger than %d bytes together"
                            .formatted(maxProfileBytes));
        }
        if (event instanceof TurnRecorded recorded) {
            switch (recording.of(recorded.turn())) {
                case Recorded.Impossible never -> {
                    return new Outcome.Rejected(never.reason());
                }
                case Recorded.Changed done -> changed = true;
                case Recorded.Known before -> {}
            }
        }
        draft.profile = profile;
        return noteTimes(draft, event, at) || changed ? Outcome.APPLIED : Outcome.DUPLICATE;
    }

    /** User and channel alone need no look at the size: they are short. */
    private static boolean hasOtherData(Profile profile, Profile former) {
        return !profile.attributes().equals(former.attributes())
                || !profile.userData().equals(former.userData());
    }

    private static Patch patch(SessionEvent event) {
        return switch (event) {
            case TurnRecorded recorded -> recorded.patch();
            case SessionUpdated updated -> updated.patch();
            case SessionEnded ended -> ended.patch();
            case SessionDeleted deleted -> Patch.NONE;
        };
    }

    /** Tells whether any moved. */
    private static boolean noteTimes(HeadDraft draft, SessionEvent event, Instant at) {
        Instant asOf = draft.asOf;
        Instant endedAt = draft.endedAt;
        draft.asOf = later(asOf, at);
        if (event instanceof SessionEnded) {
            draft.endedAt = later(endedAt, at);
        }
        return !draft.asOf.equals(asOf)
                || (draft.endedAt != null && !draft.endedAt.equals(endedAt));
    }

    /** A turn that no page holds. */
    private Recorded record(HeadDraft draft, Turn turn) {
        Optional<Integer> known = draft.turns.indexOf(turn.identity());
        if (known.isPresent()) {
            return revise(draft, known.get(), turn);
        }
        Optional<Recorded> impossible = impossible(turn, SessionTable.MAX_BLOCK_BYTES);
        if (impossible.isPresent()) {
            return impossible.get();
        }
        draft.turns.add(turn);
        draft.count(turn);
        return CHANGED;
    }

    private Recorded revise(HeadDraft draft, int index, Turn turn) {
        if (turn.revision() <= draft.turns.tail().revision(index)) {
            return KNOWN;
        }
        Optional<Recorded> impossible = impossible(turn, SessionTable.MAX_BLOCK_BYTES);
        if (impossible.isPresent()) {
            return impossible.get();
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
        return CHANGED;
    }

    /** A turn among those of the page where it stands, or belongs. */
    private Recorded place(HeadDraft draft, List<Turn> turns, Turn turn, int maxFirst) {
        int known = indexOf(turns, turn.identity());
        if (known >= 0 && turn.revision() <= turns.get(known).revision()) {
            return KNOWN;
        }
        int at = known >= 0 ? known : indexBehindEarlier(turns, turn);
        Optional<Recorded> impossible =
                impossible(turn, at == 0 ? maxFirst : SessionTable.MAX_BLOCK_BYTES);
        if (impossible.isPresent()) {
            return impossible.get();
        }
        if (known >= 0) {
            Turn former = turns.get(known);
            Turn revised = turn.inPlaceOf(former);
            turns.set(known, revised);
            draft.recount(former, revised);
        } else {
            turns.add(at, turn);
            draft.count(turn);
        }
        return CHANGED;
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
    private static int maxFirstBytes(PageStore.Located page) {
        boolean alone =
                !page.key().splits().isEmpty()
                        || page.page().turns().bytes() > SessionTable.MAX_SHARED_BLOCK_BYTES;
        return alone ? SessionTable.MAX_BLOCK_BYTES : SessionTable.MAX_SHARED_BLOCK_BYTES;
    }

    /** Whether the turn alone is more than an item holds, or its share of one. */
    private Optional<Recorded> impossible(Turn turn, int maxBytes) {
        if (turn.textLength() <= maxBytes / UTF_8_BYTES_OF_A_CHARACTER / 2
                || TurnBlock.of(List.of(turn), size.encoding()).bytes() <= maxBytes) {
            return Optional.empty();
        }
        return Optional.of(
                new Recorded.Impossible(
                        maxBytes == SessionTable.MAX_BLOCK_BYTES
                                ? "the turn is larger than DynamoDB takes in one item, 400 KB"
                                : "the turn is late and larger than its page has room for, 199 KB"));
    }

    /** The page, split if need be; those that it was split from must not go before it. */
    private void rewrite(
            HeadDraft draft, List<PageStore.Located> located, List<Turn> turns, long version) {
        PageStore.Located page = located.getLast();
        List<TurnBlock> blocks = size.atDepth(page.key().splits().size()).split(turns);
        int splits = page.page().splits() + blocks.size() - 1;
        Instant expiresAt = retention.expiryOf(turns.getLast().occurredAt());
        Instant parentsExpiry = splits == 0 ? expiresAt : expiresAt.plus(Retention.LAG);
        Instant own = later(page.page().expiresAt(), parentsExpiry);
        draft.turns.amend(page.key(), new TurnPage(blocks.getFirst(), splits, null, own), version);
        remember(draft, page, blocks);
        for (int i = 1; i < blocks.size(); i++) {
            draft.turns.amend(
                    page.key().split(splits + 1 - i),
                    new TurnPage(blocks.get(i), 0, null, expiresAt),
                    version);
        }
        for (PageStore.Located parent : located.subList(0, located.size() - 1).reversed()) {
            parentsExpiry = parentsExpiry.plus(Retention.LAG);
            keep(draft, parent, parentsExpiry, version);
        }
    }

    private static void keep(
            HeadDraft draft, PageStore.Located parent, Instant until, long version) {
        TurnPage page = parent.page();
        if (page.expiresAt().isBefore(until)) {
            draft.turns.amend(
                    parent.key(), new TurnPage(page.turns(), page.splits(), null, until), version);
        }
    }

    /** The newest item tells of its own turns; those that come or move elsewhere are remembered. */
    private static void remember(HeadDraft draft, PageStore.Located page, List<TurnBlock> blocks) {
        Set<Turn.Identity> former = page.page().turns().identities().collect(Collectors.toSet());
        List<Turn.Identity> inPage =
                blocks.getFirst().identities().filter(turn -> !former.contains(turn)).toList();
        Stream<Turn.Identity> split = blocks.stream().skip(1).flatMap(TurnBlock::identities);
        if (draft.turns.isInNewestItem(page.key())) {
            draft.turns.remember(inPage, split.toList());
        } else {
            draft.turns.remember(
                    List.of(),
                    Stream.concat(inPage.stream(), split.filter(turn -> !former.contains(turn)))
                            .toList());
        }
    }

    private static @Nullable Instant ifAfter(Instant moment, @Nullable Instant at) {
        return at != null && at.isAfter(moment) ? at : null;
    }
}
