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
import dev.parley.session.Turn;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Decides what to write: a pure function of what is stored and what happened. Nothing in here waits
 * or fails but by a defect, and every rule that makes deliveries in any order and any number end in
 * the same session is here or in {@link Profile}:
 *
 * <ul>
 *   <li>a turn's id says what it is, so a second copy changes nothing and a higher revision
 *       replaces it; its time says where it is;
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
            if (draft.turns.sealed() < MAX_PAGES && !isLate(draft, event, stillInNoPage)) {
                outcomes[i] = take(draft, event, now, turn -> record(draft, turn));
            }
        }
        return finish(draft, stored, false, outcomes);
    }

    /**
     * Plans the turns that stand in one page, or in front of it.
     *
     * @param located the page, after those that it was split from
     */
    Plan late(
            SessionHead stored,
            List<PageStore.Located> located,
            List<SessionEvent> events,
            Instant now) {
        PageStore.Located page = located.getLast();
        HeadDraft draft = draft(stored, now);
        List<Turn> former = page.page().turns().turns();
        List<Turn> turns = new ArrayList<>(former);
        @Nullable Outcome[] outcomes = new Outcome[events.size()];
        TurnPosition from = firstPosition(events);
        TurnPosition to = page.page().turns().last();
        int room = MAX_LATE_TEXT;
        int maxFirst = maxFirstBytes(page);
        for (int i : byTime(events)) {
            if (events.get(i) instanceof TurnRecorded recorded && room > 0) {
                TurnPosition position = TurnPosition.of(recorded.turn());
                if (position.equals(from) || !position.isAfter(to)) {
                    room -= recorded.turn().textLength() + TEXT_OF_A_TURN;
                    outcomes[i] =
                            take(draft, recorded, now, turn -> place(draft, turns, turn, maxFirst));
                }
            }
        }
        if (!turns.equals(former)) {
            rewrite(draft, located, turns, stored.version() + 1);
        }
        return finish(draft, stored, true, outcomes);
    }

    /**
     * Plans a deletion: what is left moves to new pages, all old ones go.
     *
     * @param left the turns in pages that happened after it, in order
     */
    Plan erase(SessionHead stored, SessionDeleted deletion, List<Turn> left, Instant now) {
        HeadDraft draft = draft(stored, now);
        Instant moment = deletion.occurredAt();
        if (stored.deletedAt() != null && !moment.isAfter(stored.deletedAt())) {
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
        draft.deletedAt = moment;
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
        boolean expired =
                retention.expiryOf(stored).filter(expiry -> !expiry.isAfter(now)).isPresent();
        SessionHead start =
                expired ? SessionHead.empty(stored.version(), stored.pages().emptied()) : stored;
        return new HeadDraft(start, size, retention);
    }

    private static Plan finish(
            HeadDraft draft, SessionHead stored, boolean together, @Nullable Outcome[] outcomes) {
        return new Plan(
                draft.toHead(stored.version() + 1),
                draft.turns.pages(),
                draft.turns.vacant(),
                together && !draft.turns.pages().isEmpty(),
                draft.recount,
                Arrays.asList(outcomes));
    }

    /** In the order of their times, a batch has hardly any turn that is late within it. */
    private static List<Integer> byTime(List<SessionEvent> events) {
        return IntStream.range(0, events.size())
                .boxed()
                .sorted(Comparator.comparing(i -> events.get(i).occurredAt()))
                .toList();
    }

    private static TurnPosition firstPosition(List<SessionEvent> events) {
        return events.stream()
                .filter(TurnRecorded.class::isInstance)
                .map(event -> TurnPosition.of(((TurnRecorded) event).turn()))
                .min(Comparator.naturalOrder())
                .orElseThrow();
    }

    /** Knowing that a turn is in no page is good for one copy of it: taken, it may be sealed. */
    private static boolean isLate(
            HeadDraft draft, SessionEvent event, Set<Turn.Identity> inNoPage) {
        return event instanceof TurnRecorded recorded
                && draft.turns.mayBeSealed(TurnPosition.of(recorded.turn()))
                && draft.turns.indexOf(recorded.turn().identity()).isEmpty()
                && !inNoPage.remove(recorded.turn().identity());
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

    private Outcome take(HeadDraft draft, SessionEvent event, Instant now, Recording recording) {
        Instant at = event.occurredAt();
        if ((draft.deletedAt != null && !at.isAfter(draft.deletedAt))
                || retention.hasExpired(at, now)) {
            return Outcome.IGNORED;
        }
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
        return noteTimes(draft, event) || changed ? Outcome.APPLIED : Outcome.DUPLICATE;
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
    private static boolean noteTimes(HeadDraft draft, SessionEvent event) {
        Instant asOf = draft.asOf;
        Instant endedAt = draft.endedAt;
        draft.asOf = later(asOf, event.occurredAt());
        if (event instanceof SessionEnded) {
            draft.endedAt = later(endedAt, event.occurredAt());
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
        draft.recount(former, turn);
        draft.turns.setTail(turns);
        if (draft.recount && !draft.turns.hasPages()) {
            draft.counters = Counters.of(turns);
            draft.recount = false;
        }
        return CHANGED;
    }

    /** A turn among those of the page where it stands. */
    private Recorded place(HeadDraft draft, List<Turn> turns, Turn turn, int maxFirst) {
        int at = turns.size();
        while (at > 0 && Turn.ORDER.compare(turns.get(at - 1), turn) >= 0) {
            at--;
        }
        boolean known = at < turns.size() && turns.get(at).id().equals(turn.id());
        if (known && turn.revision() <= turns.get(at).revision()) {
            return KNOWN;
        }
        Optional<Recorded> impossible =
                impossible(turn, at == 0 ? maxFirst : SessionTable.MAX_BLOCK_BYTES);
        if (impossible.isPresent()) {
            return impossible.get();
        }
        if (known) {
            draft.recount(turns.set(at, turn), turn);
        } else {
            turns.add(at, turn);
            draft.count(turn);
        }
        return CHANGED;
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
        Instant expiresAt =
                later(page.page().expiresAt(), retention.expiryOf(turns.getLast().occurredAt()));
        for (PageStore.Located parent : located.subList(0, located.size() - 1)) {
            if (parent.page().expiresAt().isBefore(expiresAt)) {
                draft.turns.amend(
                        parent.key(),
                        new TurnPage(parent.page().turns(), parent.page().splits(), expiresAt),
                        version);
            }
        }
        List<TurnBlock> blocks = size.atDepth(page.key().splits().size()).split(turns);
        int splits = page.page().splits() + blocks.size() - 1;
        draft.turns.amend(page.key(), new TurnPage(blocks.getFirst(), splits, expiresAt), version);
        for (int i = 1; i < blocks.size(); i++) {
            draft.turns.amend(
                    page.key().split(splits + 1 - i),
                    new TurnPage(blocks.get(i), 0, expiresAt),
                    version);
        }
    }

    private static @Nullable Instant ifAfter(Instant moment, @Nullable Instant at) {
        return at != null && at.isAfter(moment) ? at : null;
    }
}
