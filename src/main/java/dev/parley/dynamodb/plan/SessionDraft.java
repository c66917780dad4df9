package dev.parley.dynamodb.plan;

import dev.parley.dynamodb.layout.BlockSize;
import dev.parley.dynamodb.layout.FormerStarts;
import dev.parley.dynamodb.layout.HeadItems;
import dev.parley.dynamodb.layout.ItemSize;
import dev.parley.dynamodb.layout.PageKey;
import dev.parley.dynamodb.layout.ProfileAttributes;
import dev.parley.dynamodb.layout.ProfileItem;
import dev.parley.dynamodb.layout.Retention;
import dev.parley.dynamodb.layout.SessionHead;
import dev.parley.dynamodb.layout.SessionTable;
import dev.parley.dynamodb.layout.TextPart;
import dev.parley.dynamodb.layout.TurnBlock;
import dev.parley.dynamodb.layout.TurnPage;
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
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A draft of a head, to which events are applied one after the other. */
final class SessionDraft {

    private final String sessionId;
    private final long version;
    private final HeadItems items;
    private final BlockSize size;
    private final Retention retention;
    private final SessionHead.PartRange storedParts;
    private final List<TextPart> parts = new ArrayList<>();
    private final List<Turn.Parts> obsoleteParts = new ArrayList<>();
    private final int maxProfileBytes;
    final TurnsDraft turns;
    @Nullable Instant deletedAt;
    @Nullable Instant rememberedUntil;
    @Nullable Instant asOf;
    @Nullable Instant endedAt;
    @Nullable Instant firstTurnAt;
    @Nullable Instant lastTurnAt;
    final ProfileDraft profile;
    Counters counters;

    /** Whether the turn that had the greatest latency now has a lower one. */
    boolean lostMaxLatency;

    /**
     * Starts a draft.
     *
     * @param head the head that the plan is made from; if it has expired, an empty one with the
     *     same version and continued page numbers
     */
    SessionDraft(
            String sessionId,
            SessionHead head,
            BlockSize size,
            Retention retention,
            HeadItems items,
            int maxProfileBytes) {
        this.sessionId = sessionId;
        this.version = head.version() + 1;
        this.items = items;
        this.size = size;
        this.retention = retention;
        this.storedParts = head.parts();
        this.maxProfileBytes = maxProfileBytes;
        turns = new TurnsDraft(head, size, retention, items.format(), this::headBytes);
        deletedAt = head.deletedAt();
        rememberedUntil = head.rememberedUntil();
        asOf = head.asOf();
        endedAt = head.endedAt();
        firstTurnAt = head.firstTurnAt();
        lastTurnAt = head.lastTurnAt();
        profile = new ProfileDraft(head, version, items.format());
        counters = head.counters();
    }

    /** Returns the version that the plan will be written with. */
    long version() {
        return version;
    }

    Plan toPlan(Plan.WriteMode mode, Map<Integer, Outcome> outcomes) {
        return plan(turns.pages().changed(), mode, outcomes);
    }

    /** Returns a plan with new pages only, which are written before the plan with the head. */
    Plan newPages(Map<PageKey, TurnPage> pages) {
        return plan(pages, Plan.WriteMode.SEAL, Map.of());
    }

    private Plan plan(
            Map<PageKey, TurnPage> pages, Plan.WriteMode mode, Map<Integer, Outcome> outcomes) {
        return new Plan(toHead(), pages, mode, parts, obsoleteParts, lostMaxLatency, outcomes);
    }

    /** Returns whether an event of that time is deleted. */
    boolean isDeleted(Instant at) {
        return deletedAt != null && !at.isAfter(deletedAt);
    }

    /**
     * Applies an event: its turn, and its values for the session as a whole.
     *
     * @param at when the event happened. For a turn that is known, this is the time of the copy
     *     that was stored first, so that a duplicate with another time does not count as newer
     * @param recording stores the turn of the event, if it has one; false if the turn is a
     *     duplicate or a former revision
     */
    Outcome take(SessionEvent event, Instant at, Predicate<Turn> recording) {
        Profile merged = profile.all().merge(patch(event), at);
        boolean changed = !merged.equals(profile.all());
        if (hasOtherData(merged) && ProfileAttributes.size(merged) > maxProfileBytes) {
            return new Outcome.Rejected(
                    "attributes and user data would be larger than %d bytes together"
                            .formatted(maxProfileBytes));
        }
        if (event instanceof TurnRecorded recorded) {
            changed |= recording.test(recorded.turn());
        }
        profile.set(merged);
        return noteTimes(event, at) || changed ? Outcome.APPLIED : Outcome.DUPLICATE;
    }

    /**
     * Returns whether the attributes or the user data have changed. A change of user or channel
     * alone needs no check of the size, because both are short.
     */
    private boolean hasOtherData(Profile merged) {
        return !merged.attributes().equals(profile.all().attributes())
                || !merged.userData().equals(profile.all().userData());
    }

    private static Patch patch(SessionEvent event) {
        return switch (event) {
            case TurnRecorded recorded -> recorded.patch();
            case SessionUpdated updated -> updated.patch();
            case SessionEnded ended -> ended.patch();
            case SessionDeleted deleted -> Patch.NONE;
        };
    }

    /** Updates the times of the head, and returns whether any of them has changed. */
    private boolean noteTimes(SessionEvent event, Instant at) {
        Instant formerAsOf = asOf;
        Instant formerEndedAt = endedAt;
        asOf = later(asOf, at);
        if (event instanceof SessionEnded) {
            endedAt = later(endedAt, at);
        }
        return !asOf.equals(formerAsOf) || (endedAt != null && !endedAt.equals(formerEndedAt));
    }

    /** Returns the head. Its moves in lists are added when it is written. */
    private SessionHead toHead() {
        return toHead(turns.pages().range(), turns.tail());
    }

    /** Returns the size of the head's item without the turns of the tail. */
    private int headBytes() {
        SessionHead withoutTail = toHead(turns.rangeBesideATail(), TurnBlock.EMPTY);
        return ItemSize.of(items.toItem(sessionId, withoutTail)) + SessionTable.TURNS.length();
    }

    private SessionHead toHead(SessionHead.PageRange pages, TurnBlock tail) {
        SessionHead head =
                new SessionHead(
                        items.format(),
                        version,
                        deletedAt,
                        rememberedUntil,
                        asOf,
                        endedAt,
                        firstTurnAt,
                        lastTurnAt,
                        Profile.EMPTY,
                        new ProfileItem.None(),
                        counters,
                        pages,
                        new SessionHead.PartRange(storedParts.first(), nextPart()),
                        tail,
                        turns.waiting(),
                        FormerStarts.NONE);
        return profile.addTo(head, retention.removalOf(head).orElse(Instant.EPOCH));
    }

    private int nextPart() {
        return storedParts.next() + parts.size();
    }

    /**
     * Returns the turn as blocks contain it: if its text is large, that is stored in parts.
     *
     * @param turn a turn that will be stored, with the time of the copy that was stored first
     */
    Turn inBlocks(Turn turn) {
        if (!size.isLarge(turn, items.format())) {
            return turn;
        }
        List<TextPart> pieces =
                TextPart.of(turn, nextPart(), size, retention.expiryOf(turn.occurredAt()));
        Turn.Parts stored = new Turn.Parts(nextPart(), pieces.size(), version);
        parts.addAll(pieces);
        return turn.withTextIn(stored);
    }

    /** Returns whether the plan may store one more turn. */
    boolean hasRoom() {
        return turns.sealed() < SessionPlanner.MAX_PAGES && parts.size() < SessionPlanner.MAX_PARTS;
    }

    /** Returns whether the session has parts of large turns. */
    boolean hasParts() {
        return nextPart() > storedParts.first();
    }

    /** Counts a turn that was not stored before. */
    void count(Turn turn) {
        counters = counters.plus(turn);
        firstTurnAt = earlier(firstTurnAt, turn.occurredAt());
        lastTurnAt = later(lastTurnAt, turn.occurredAt());
    }

    /**
     * Counts a turn in place of its former revision. A maximum can't be subtracted from the
     * counters. If the former revision may have had the maximum, the new one has to be searched
     * for.
     */
    void recount(Turn former, Turn turn) {
        counters = counters.minus(former).plus(turn);
        if (former.parts() != null) {
            obsoleteParts.add(former.parts());
        }
        Long was = former.latencyMs();
        Long is = turn.latencyMs();
        lostMaxLatency |=
                was != null && was == counters.latency().maxMs() && (is == null || is < was);
    }

    static Instant later(@Nullable Instant known, Instant at) {
        return known != null && known.isAfter(at) ? known : at;
    }

    private static Instant earlier(@Nullable Instant known, Instant at) {
        return known != null && known.isBefore(at) ? known : at;
    }
}
