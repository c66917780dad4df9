package dev.parley.dynamodb.follow;

import dev.parley.dynamodb.client.DynamoDb;
import dev.parley.dynamodb.layout.SessionHead;
import dev.parley.dynamodb.layout.StoredPage;
import dev.parley.dynamodb.layout.TurnBlock;
import dev.parley.dynamodb.layout.VisibleHead;
import dev.parley.dynamodb.pages.PageWalk;
import dev.parley.dynamodb.pages.PageWalk.Direction;
import dev.parley.dynamodb.read.MissingPageCheck;
import dev.parley.dynamodb.read.OutdatedHead;
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
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

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

    private final PageWalk pages;
    private final String sessionId;
    private final Supplier<Uni<Optional<VisibleHead>>> latest;

    /** Turns that happened outside this range are not reported. */
    private final TimeRange wanted;

    /** The turns of the last processed head, with their revisions. */
    private Map<Turn.Identity, Long> reported = Map.of();

    private FollowCursor cursor;
    private boolean gone;

    private SessionFollower(
            PageWalk pages,
            String sessionId,
            Supplier<Uni<Optional<VisibleHead>>> latest,
            TimeRange wanted,
            FollowCursor cursor) {
        this.pages = pages;
        this.sessionId = sessionId;
        this.latest = latest;
        this.wanted = wanted;
        this.cursor = cursor;
    }

    /**
     * Creates a follower that starts with a page, or with the tail if the number is that of the
     * next page.
     *
     * @param latest reads the current head with a consistent read
     * @param wanted turns that happened outside this range are not reported
     */
    public static SessionFollower from(
            PageWalk pages,
            VisibleHead head,
            Supplier<Uni<Optional<VisibleHead>>> latest,
            int page,
            TimeRange wanted) {
        FollowCursor start =
                new FollowCursor(head.head().version() - 1, page, head.head().deletedAt());
        return new SessionFollower(pages, head.sessionId(), latest, wanted, start);
    }

    /**
     * Creates a follower that continues after a cursor; empty if the cursor is from a former life
     * of the session.
     *
     * @param head the current head, from a consistent read
     * @param latest reads the current head again, with a consistent read
     */
    public static Optional<SessionFollower> resumed(
            PageWalk pages,
            VisibleHead head,
            Supplier<Uni<Optional<VisibleHead>>> latest,
            FollowCursor cursor) {
        SessionFollower resumed =
                new SessionFollower(pages, head.sessionId(), latest, TimeRange.ALL, cursor);
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
                .orElseGet(() -> latest.get().onItem().transformToMulti(this::changesToLatest));
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
        Multi<SessionChange> sessionChanged =
                Multi.createFrom()
                        .item(
                                () -> {
                                    cursor = FollowCursor.of(current.head());
                                    reported = current.head().revisions();
                                    return new SessionChanged(
                                            current.withoutTurns(), cursor.text());
                                });
        return Multi.createBy()
                .concatenating()
                .streams(
                        erased(current.head()),
                        amended(current),
                        sealed(current),
                        inHead(current),
                        sessionChanged)
                .onFailure(OutdatedHead.class)
                .recoverWithMulti(failure -> changesToLatest(((OutdatedHead) failure).current()));
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
     * Returns the turns of pages that were delivered before and have changed since. It includes the
     * unchanged turns of these pages.
     */
    private Multi<SessionChange> amended(VisibleHead current) {
        SessionHead head = current.head();
        int known = Math.min(cursor.page(), head.pages().next());
        return !isAmended(head)
                ? Multi.createFrom().empty()
                : pages(head, head.pages().first(), known)
                        .filter(page -> page.sealedAtVersion() > cursor.version())
                        .onItem()
                        .transformToMultiAndConcatenate(
                                page -> turns(page, current, cursor.page()));
    }

    private boolean isAmended(SessionHead head) {
        return head.pages().amendedAtVersion() > cursor.version();
    }

    /** Returns the turns of pages that did not exist before. */
    private Multi<SessionChange> sealed(VisibleHead current) {
        SessionHead.PageRange range = current.head().pages();
        return pages(current.head(), Math.max(range.first(), cursor.page()), range.next())
                .onItem()
                .transformToMultiAndConcatenate(page -> turns(page, current, page.key().number()));
    }

    private Multi<StoredPage> pages(SessionHead head, int from, int next) {
        return pages.walk(
                new PageWalk.Options(
                        sessionId,
                        Direction.OLDEST_FIRST,
                        DynamoDb.BATCH,
                        true,
                        head.pages().amendedAtVersion(),
                        new MissingPageCheck(head, latest)),
                from,
                Math.max(from, next));
    }

    private Multi<SessionChange> turns(StoredPage page, VisibleHead current, int resume) {
        return changes(page.page().turns(), current, resume);
    }

    private Multi<SessionChange> inHead(VisibleHead current) {
        SessionHead head = current.head();
        return Multi.createBy()
                .concatenating()
                .streams(
                        changes(head.waiting(), current, head.pages().next()),
                        changes(head.tail(), current, head.pages().next()));
    }

    /**
     * Returns the turns of a block that are new.
     *
     * @param resume the page to start with if the follower stops after these turns and is resumed
     */
    private Multi<SessionChange> changes(TurnBlock block, VisibleHead current, int resume) {
        return Multi.createFrom()
                .iterable(
                        block.lines(
                                position ->
                                        wanted.contains(position.at())
                                                && current.kept().contains(position.at())))
                .filter(this::isNew)
                .map(turn -> new TurnChanged(turn.json(), cursor.withPage(resume).text()));
    }

    private boolean isNew(TurnBlock.Line turn) {
        Long revision = reported.get(turn.position().identity());
        return revision == null || revision < turn.entry().revision();
    }
}
