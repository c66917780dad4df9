package dev.parley.dynamodb;

import dev.parley.dynamodb.client.DynamoDb;
import dev.parley.dynamodb.client.ReadBulkhead;
import dev.parley.dynamodb.follow.FollowCursor;
import dev.parley.dynamodb.follow.SessionFollower;
import dev.parley.dynamodb.follow.SessionPolls;
import dev.parley.dynamodb.layout.Retention;
import dev.parley.dynamodb.layout.SessionHead;
import dev.parley.dynamodb.layout.SessionTable;
import dev.parley.dynamodb.layout.TableConfig;
import dev.parley.dynamodb.layout.VisibleHead;
import dev.parley.dynamodb.pages.PageSearch;
import dev.parley.dynamodb.pages.PageWalk;
import dev.parley.dynamodb.read.LargeTurns;
import dev.parley.dynamodb.read.MissingPageCheck;
import dev.parley.dynamodb.read.OutdatedHead;
import dev.parley.dynamodb.read.SessionIndex;
import dev.parley.dynamodb.read.SessionLister;
import dev.parley.dynamodb.read.TurnCursor;
import dev.parley.dynamodb.read.TurnLister;
import dev.parley.dynamodb.read.WholeProfiles;
import dev.parley.dynamodb.table.TableInitializer;
import dev.parley.session.Consistency;
import dev.parley.session.FollowStart;
import dev.parley.session.Json;
import dev.parley.session.ResultPage;
import dev.parley.session.Session;
import dev.parley.session.SessionChange;
import dev.parley.session.SessionQuery;
import dev.parley.session.SessionReader;
import dev.parley.session.SessionStoreException;
import dev.parley.session.TimeRange;
import dev.parley.session.TurnQuery;
import dev.parley.session.Viewer;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Reads sessions from DynamoDB: heads, and the index entries, pages or later changes that a query
 * needs.
 */
@ApplicationScoped
class DynamoDbSessionReader implements SessionReader {

    /** A session that changes during so many attempts is returned with its newest turns. */
    private static final int MAX_ATTEMPTS = 5;

    private final DynamoDb dynamoDb;
    private final PageWalk pages;
    private final PageSearch search;
    private final SessionIndex index;
    private final SessionPolls polls;
    private final WholeProfiles profiles;
    private final LargeTurns largeTurns;
    private final Retention retention;
    private final Clock clock;
    private final Viewer viewer;
    private final Supplier<Uni<Void>> listable;

    @Inject
    DynamoDbSessionReader(
            DynamoDb requests,
            ReadBulkhead bulkhead,
            TableConfig config,
            Retention retention,
            Clock clock,
            TableInitializer table) {
        this(requests.within(bulkhead), config, retention, clock, table::listable);
    }

    DynamoDbSessionReader(DynamoDb dynamoDb, TableConfig config, Retention retention, Clock clock) {
        this(dynamoDb, config, retention, clock, () -> Uni.createFrom().voidItem());
    }

    /**
     * Creates a reader of all sessions.
     *
     * @param listable completes if the indexes may be read, and fails otherwise
     */
    DynamoDbSessionReader(
            DynamoDb dynamoDb,
            TableConfig config,
            Retention retention,
            Clock clock,
            Supplier<Uni<Void>> listable) {
        this.dynamoDb = dynamoDb;
        this.pages = new PageWalk(dynamoDb);
        this.search = new PageSearch(dynamoDb);
        this.index = new SessionIndex(dynamoDb, config.dayShards());
        // A poll of many sessions at the same moment must not delay other reads.
        this.polls = new SessionPolls(dynamoDb.gatheringSeparately(), config.watchInterval());
        this.profiles = new WholeProfiles(dynamoDb, id -> head(id, Consistency.STRONG));
        this.largeTurns = new LargeTurns(dynamoDb);
        this.retention = retention;
        this.clock = clock;
        this.viewer = Viewer.UNRESTRICTED;
        this.listable = listable;
    }

    private DynamoDbSessionReader(DynamoDbSessionReader everything, Viewer viewer) {
        this.dynamoDb = everything.dynamoDb;
        this.pages = everything.pages;
        this.search = everything.search;
        this.index = everything.index;
        this.polls = everything.polls;
        this.profiles = new WholeProfiles(dynamoDb, id -> head(id, Consistency.STRONG));
        this.largeTurns = new LargeTurns(dynamoDb);
        this.retention = everything.retention;
        this.clock = everything.clock;
        this.viewer = viewer;
        this.listable = everything.listable;
    }

    @Override
    public SessionReader seenBy(Viewer viewer) {
        return new DynamoDbSessionReader(this, viewer);
    }

    @Override
    public Uni<Optional<Session>> find(String sessionId, int turns, Consistency consistency) {
        return find(sessionId, turns, consistency, MAX_ATTEMPTS);
    }

    private Uni<Optional<Session>> find(
            String sessionId, int turns, Consistency consistency, int attempts) {
        return head(sessionId, consistency)
                .chain(this::withWholeProfile)
                .chain(
                        found ->
                                found.map(
                                                visible ->
                                                        withTurns(
                                                                visible,
                                                                turns,
                                                                consistency,
                                                                attempts))
                                        .orElseGet(() -> Uni.createFrom().item(Optional.empty())));
    }

    private Uni<Optional<VisibleHead>> withWholeProfile(Optional<VisibleHead> found) {
        return found.map(profiles::of).orElseGet(() -> Uni.createFrom().item(Optional.empty()));
    }

    /**
     * Reads pages only if the head does not contain so many turns. If these reads show that the
     * head is outdated, it starts again, so that counters and turns are of the same version.
     */
    private Uni<Optional<Session>> withTurns(
            VisibleHead visible, int turns, Consistency consistency, int attempts) {
        if (visible.contains(turns)) {
            return Uni.createFrom().item(Optional.of(visible.session(turns)));
        }
        TurnQuery last =
                new TurnQuery(
                        TurnQuery.Order.NEWEST_FIRST,
                        TimeRange.ALL,
                        turns,
                        Optional.empty(),
                        consistency);
        String sessionId = visible.sessionId();
        TurnLister lister = lister(sessionId, last);
        return lister.list(visible)
                .chain(
                        found ->
                                lister.isOfAnotherHead() && attempts > 0
                                        ? find(sessionId, turns, Consistency.STRONG, attempts - 1)
                                        : Uni.createFrom()
                                                .item(
                                                        found.map(
                                                                page ->
                                                                        visible.session(
                                                                                page.items()
                                                                                        .reversed()))));
    }

    @Override
    public Uni<ResultPage<Session>> list(SessionQuery query) {
        return viewer.restrict(query)
                .map(
                        seen ->
                                listable.get()
                                        .chain(
                                                () ->
                                                        new SessionLister(
                                                                        index,
                                                                        seen,
                                                                        this::heads,
                                                                        profiles)
                                                                .list()))
                .orElseGet(
                        () -> Uni.createFrom().item(new ResultPage<>(List.of(), Optional.empty())));
    }

    private Uni<Map<String, VisibleHead>> heads(Set<String> ids, boolean consistent) {
        return dynamoDb.get(ids, consistent, SessionTable.headWithoutTurns())
                .map(
                        items -> {
                            Map<String, VisibleHead> heads = new HashMap<>();
                            items.forEach(
                                    (id, item) ->
                                            visible(id, item)
                                                    .ifPresent(seen -> heads.put(id, seen)));
                            return heads;
                        });
    }

    @Override
    public Uni<Optional<ResultPage<Json>>> listTurns(String sessionId, TurnQuery query) {
        return headFor(sessionId, query)
                .chain(
                        found ->
                                found.map(visible -> lister(sessionId, query).list(visible))
                                        .orElseGet(() -> Uni.createFrom().item(Optional.empty())));
    }

    @Override
    public Uni<Optional<Multi<List<Json>>>> streamTurns(String sessionId, TurnQuery query) {
        return headFor(sessionId, query)
                .map(found -> found.map(visible -> lister(sessionId, query).stream(visible)));
    }

    private TurnLister lister(String sessionId, TurnQuery query) {
        return new TurnLister(pages, search, largeTurns, query, latest(sessionId));
    }

    /**
     * Reads the head for a list of turns. If the head is older than the one that the query's cursor
     * was created from, or is missing, it is read again with strong consistency.
     */
    private Uni<Optional<VisibleHead>> headFor(String sessionId, TurnQuery query) {
        Uni<Optional<VisibleHead>> head = head(sessionId, query.consistency());
        return query.cursor().isEmpty()
                ? head
                : head.chain(
                        found ->
                                isAtLeast(found, TurnCursor.of(query.cursor().get()).version())
                                        ? Uni.createFrom().item(found)
                                        : head(sessionId, Consistency.STRONG));
    }

    private static boolean isAtLeast(Optional<VisibleHead> found, long version) {
        return found.filter(visible -> visible.head().version() >= version).isPresent();
    }

    private Supplier<Uni<Optional<VisibleHead>>> latest(String sessionId) {
        return () -> head(sessionId, Consistency.STRONG);
    }

    @Override
    public Uni<Optional<Multi<SessionChange>>> follow(String sessionId, FollowStart start) {
        return head(sessionId, Consistency.STRONG).chain(found -> follow(found, start));
    }

    private Uni<Optional<Multi<SessionChange>>> follow(
            Optional<VisibleHead> found, FollowStart start) {
        return ifPresent(
                        found,
                        visible -> follower(visible, start).map(each -> changes(each, visible)))
                .onFailure(OutdatedHead.class)
                .recoverWithUni(failure -> follow(failure.current(), start));
    }

    private Uni<SessionFollower> follower(VisibleHead visible, FollowStart start) {
        SessionHead head = visible.head();
        String sessionId = visible.sessionId();
        Supplier<Uni<Optional<VisibleHead>>> latest = latest(sessionId);
        SessionFollower.Source source =
                new SessionFollower.Source(pages, largeTurns, profiles, latest);
        SessionFollower recent =
                SessionFollower.from(source, visible, head.pages().pageOfTail(), TimeRange.ALL);
        return switch (start) {
            case FollowStart.Recent all -> Uni.createFrom().item(recent);
            case FollowStart.At(Instant moment) ->
                    search.numberOfPageAt(
                                    sessionId, head, moment, new MissingPageCheck(head, latest))
                            .map(
                                    page ->
                                            SessionFollower.from(
                                                    source,
                                                    visible,
                                                    page,
                                                    new TimeRange(moment, Instant.MAX)));
            case FollowStart.After(String cursor) ->
                    Uni.createFrom()
                            .item(
                                    SessionFollower.resumed(
                                                    source, visible, FollowCursor.of(cursor))
                                            .orElse(recent));
        };
    }

    private Multi<SessionChange> changes(SessionFollower follower, VisibleHead first) {
        String sessionId = first.sessionId();
        return Multi.createBy()
                .concatenating()
                .streams(
                        Multi.createFrom().item(Optional.of(first)),
                        polls.poll(sessionId).map(item -> visible(sessionId, item)))
                .select()
                .first(head -> !follower.isGone())
                .onItem()
                .transformToMultiAndConcatenate(
                        head ->
                                follower.changesTo(head)
                                        .onFailure(SessionStoreException.Unavailable.class)
                                        .recoverWithCompletion());
    }

    private Uni<Optional<VisibleHead>> head(String sessionId, Consistency consistency) {
        return dynamoDb.get(sessionId, consistency == Consistency.STRONG)
                .map(item -> visible(sessionId, item));
    }

    private Optional<VisibleHead> visible(String sessionId, Map<String, AttributeValue> item) {
        return VisibleHead.of(sessionId, item, retention, clock.instant())
                .filter(head -> viewer.sees(head.userId()));
    }

    private static <T> Uni<Optional<T>> ifPresent(
            Optional<VisibleHead> found, Function<VisibleHead, Uni<T>> then) {
        return found.map(visible -> then.apply(visible).map(Optional::of))
                .orElseGet(() -> Uni.createFrom().item(Optional.empty()));
    }
}
