package dev.parley.dynamodb.follow;

import dev.parley.dynamodb.client.DynamoDb;
import dev.parley.dynamodb.layout.PageKey;
import dev.parley.dynamodb.layout.ProfileItem;
import dev.parley.dynamodb.layout.SessionHead;
import dev.parley.dynamodb.layout.StoredPage;
import dev.parley.dynamodb.layout.TurnBlock;
import dev.parley.dynamodb.layout.VisibleHead;
import dev.parley.dynamodb.pages.PageWalk;
import dev.parley.dynamodb.read.LargeTurns;
import dev.parley.dynamodb.read.MissingPageCheck;
import dev.parley.dynamodb.read.OutdatedHead;
import dev.parley.dynamodb.read.WholeProfiles;
import dev.parley.session.SessionChange;
import dev.parley.session.SessionChange.SessionChanged;
import dev.parley.session.SessionChange.SessionGone;
import dev.parley.session.SessionChange.TurnChanged;
import dev.parley.session.SessionChange.TurnsErased;
import dev.parley.session.TimeRange;
import dev.parley.session.Turn;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Reports what changes in a session, from one version of its head to the next. Most changes are in
 * the tail, which is a part of the head. Pages are read if the tail has been sealed in between. In
 * the rare case that late turns were moved into a page, or a turn in a page was revised, all pages
 * are read. These reads are always strongly consistent, because a change that is missed is never
 * reported later.
 *
 * <p>The follower reports that a session is gone, or that pages are, only after a consistent read
 * of the head.
 */
public final class SessionFollower {

    private final Source source;
    private final String sessionId;

    /** Turns that happened outside this range are not reported. */
    private final TimeRange wanted;

    /**
     * The turns of the last processed head and of its newest page, with their revisions. The turns
     * of the head may have been sealed into that page since.
     */
    private Map<Turn.Identity, Long> reported = Map.of();

    /** The turns of the newest page among {@link #reported}; null if they have not been read. */
    private @Nullable Map<Turn.Identity, Long> inNewestPage;

    /** The item of the profile that was read last. */
    private Optional<ProfileItem.Known> profile = Optional.empty();

    private FollowCursor cursor;
    private boolean gone;

    /**
     * Where a follower reads what polls of the head don't return.
     *
     * @param latest reads the current head with a consistent read
     */
    public record Source(
            PageWalk pages,
            LargeTurns largeTurns,
            WholeProfiles profiles,
            Supplier<Uni<Optional<VisibleHead>>> latest) {}

    private SessionFollower(
            Source source, String sessionId, TimeRange wanted, FollowCursor cursor) {
        this.source = source;
        this.sessionId = sessionId;
        this.wanted = wanted;
        this.cursor = cursor;
    }

    /**
     * Creates a follower that starts with a page, or with the tail if the number is that of the
     * next page.
     *
     * @param wanted turns that happened outside this range are not reported
     */
    public static SessionFollower from(
            Source source, VisibleHead head, int page, TimeRange wanted) {
        FollowCursor start =
                new FollowCursor(head.head().version() - 1, page, head.head().deletedAt());
        return new SessionFollower(source, head.sessionId(), wanted, start);
    }

    /**
     * Creates a follower that continues after a cursor; empty if the cursor is from a former life
     * of the session.
     *
     * @param head the current head, from a consistent read
     */
    public static Optional<SessionFollower> resumed(
            Source source, VisibleHead head, FollowCursor cursor) {
        SessionFollower resumed =
                new SessionFollower(source, head.sessionId(), TimeRange.ALL, cursor);
        if (head.head().version() == cursor.version()) {
            resumed.reported = head.head().revisions();
        }
        return Optional.of(resumed).filter(same -> head.head().version() >= cursor.version());
    }

    /** Returns whether the session is gone. No change follows. */
    public boolean isGone() {
        return gone;
    }

    /**
     * Returns the changes up to the given head.
     *
     * @param found the head that a poll returned, which may be outdated; empty if the poll found no
     *     session
     */
    public Multi<SessionChange> changesTo(Optional<VisibleHead> found) {
        return found.filter(this::knowsDeliveredErasures)
                .map(this::changesTo)
                .orElseGet(
                        () ->
                                source.latest()
                                        .get()
                                        .onItem()
                                        .transformToMulti(this::changesToLatest));
    }

    /**
     * Returns whether the head contains the newest deletion that was delivered. If not, it is older
     * than the one from which that was delivered, although the cursor has an even older version: a
     * follower may stop after each change and be resumed. Or it is of another life of the session.
     */
    private boolean knowsDeliveredErasures(VisibleHead found) {
        Instant delivered = cursor.erasedUpTo();
        Instant deletedAt = found.head().deletedAt();
        return delivered == null || (deletedAt != null && !deletedAt.isBefore(delivered));
    }

    private Multi<SessionChange> changesToLatest(Optional<VisibleHead> latestHead) {
        return latestHead
                .map(this::changesTo)
                .orElseGet(
                        () -> {
                            gone = true;
                            return Multi.createFrom().item(new SessionGone());
                        });
    }

    private Multi<SessionChange> changesTo(VisibleHead current) {
        if (current.head().version() <= cursor.version()) {
            return Multi.createFrom().empty();
        }
        AtomicReference<@Nullable Map<Turn.Identity, Long>> newest =
                new AtomicReference<>(inNewestPage);
        Multi<SessionChange> sessionChanged =
                withWholeProfile(current)
                        .<SessionChange>map(
                                whole -> {
                                    cursor = FollowCursor.of(current.head());
                                    inNewestPage = newest.get();
                                    reported = current.head().revisions();
                                    if (inNewestPage != null) {
                                        inNewestPage.forEach(
                                                (turn, revision) ->
                                                        reported.merge(turn, revision, Math::max));
                                    }
                                    return new SessionChanged(whole.withoutTurns(), cursor.text());
                                })
                        .toMulti();
        return Multi.createBy()
                .concatenating()
                .streams(
                        erased(current.head()),
                        inPages(current, newest),
                        inHead(current),
                        sessionChanged)
                .onFailure(OutdatedHead.class)
                .recoverWithMulti(failure -> changesToLatest(((OutdatedHead) failure).current()));
    }

    /** Reads the item of the profile only if it is another one than the last time. */
    private Uni<VisibleHead> withWholeProfile(VisibleHead current) {
        return Uni.createFrom()
                .deferred(
                        () ->
                                current.with(profile)
                                        .map(whole -> Uni.createFrom().item(whole))
                                        .orElseGet(() -> source.profiles().exactlyOf(current)))
                .invoke(whole -> profile = whole.head().profileItem().known());
    }

    private Multi<SessionChange> erased(SessionHead head) {
        Instant upTo = head.deletedAt();
        if (upTo == null || upTo.equals(cursor.erasedUpTo())) {
            return Multi.createFrom().empty();
        }
        return Multi.createFrom()
                .item(
                        () -> {
                            cursor = cursor.withErasedUpTo(upTo);
                            return new TurnsErased(upTo, cursor.text());
                        });
    }

    /**
     * Returns the turns of pages that are new or have changed. If a page was amended, this includes
     * its unchanged turns. A follower that starts after the pages still reads the newest one, so
     * that it recognizes later what is new there.
     *
     * @param newest gets the turns of the newest page if that is read
     */
    private Multi<SessionChange> inPages(
            VisibleHead current, AtomicReference<@Nullable Map<Turn.Identity, Long>> newest) {
        SessionHead.PageRange pages = current.head().pages();
        boolean amended = pages.amendedAtVersion() > cursor.version();
        boolean mayBeSealed =
                newest.get() == null
                        || pages.sealedAtVersion() == 0
                        || pages.sealedAtVersion() > cursor.version();
        if (pages.isEmpty() || (!amended && !mayBeSealed)) {
            return Multi.createFrom().empty();
        }
        int from = amended ? pages.first() : Math.min(cursor.page(), pages.newestItem());
        return walk(current.head(), from)
                .invoke(
                        page -> {
                            if (page.key().equals(PageKey.of(pages.newestItem()))) {
                                newest.set(page.page().turns().revisions());
                            }
                        })
                .filter(
                        page ->
                                page.key().number() >= cursor.page()
                                        || (amended && page.sealedAtVersion() > cursor.version()))
                .onItem()
                .transformToMultiAndConcatenate(
                        page -> changes(page.page().turns(), current, resume(page)));
    }

    /** Returns the page to start with if the follower stops after turns of a page. */
    private int resume(StoredPage page) {
        return Math.max(cursor.page(), PageKey.itemNumber(page.key().number()));
    }

    private Multi<StoredPage> walk(SessionHead head, int from) {
        return source.pages()
                .oldestFirst(
                        new PageWalk.Options(
                                sessionId,
                                head,
                                DynamoDb.BATCH,
                                true,
                                new MissingPageCheck(head, source.latest())),
                        from);
    }

    private Multi<SessionChange> inHead(VisibleHead current) {
        SessionHead head = current.head();
        return Multi.createBy()
                .concatenating()
                .streams(
                        changes(head.waiting(), current, head.pages().pageOfTail()),
                        changes(head.tail(), current, head.pages().pageOfTail()));
    }

    /**
     * Returns the turns of a block that are new.
     *
     * @param resume the page to start with if the follower stops after these turns and is resumed
     */
    private Multi<SessionChange> changes(TurnBlock block, VisibleHead current, int resume) {
        List<TurnBlock.Line> changed =
                block
                        .lines(
                                position ->
                                        wanted.contains(position.at())
                                                && current.kept().contains(position.at()))
                        .stream()
                        .filter(this::isNew)
                        .toList();
        return source.largeTurns()
                .withTexts(current, changed, source.latest())
                .map(turn -> new TurnChanged(turn.json(), cursor.withPage(resume).text()));
    }

    private boolean isNew(TurnBlock.Line turn) {
        Long revision = reported.get(turn.position().identity());
        return revision == null || revision < turn.entry().revision();
    }
}
