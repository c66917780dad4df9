package dev.parley.dynamodb;

import dev.parley.session.Page;
import dev.parley.session.Session;
import dev.parley.session.SessionReader;
import dev.parley.session.Stamped;
import dev.parley.session.Turn;
import dev.parley.session.TurnQuery;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads the head and leaves out what has expired, whether or not DynamoDB has removed it yet. */
@ApplicationScoped
class DynamoDbSessionReader implements SessionReader {

    private final DynamoDb dynamoDb;
    private final PageStore pages;
    private final Retention retention;
    private final Clock clock;

    DynamoDbSessionReader(DynamoDb dynamoDb, PageStore pages, Retention retention, Clock clock) {
        this.dynamoDb = dynamoDb;
        this.pages = pages;
        this.retention = retention;
        this.clock = clock;
    }

    @Override
    public Uni<Optional<Session>> find(String sessionId) {
        Instant now = clock.instant();
        return head(sessionId, now)
                .map(found -> found.map(visible -> session(sessionId, visible, now)));
    }

    @Override
    public Uni<Optional<Page<Turn>>> listTurns(String sessionId, TurnQuery query) {
        Instant now = clock.instant();
        return head(sessionId, now)
                .chain(
                        found ->
                                found.map(visible -> list(sessionId, visible, query, now))
                                        .orElseGet(() -> Uni.createFrom().item(Optional.empty())));
    }

    private Uni<Optional<Page<Turn>>> list(
            String sessionId, Visible visible, TurnQuery query, Instant now) {
        return new TurnLister(
                        pages,
                        sessionId,
                        visible.head(),
                        query,
                        turn -> !retention.hasExpired(turn.occurredAt(), now))
                .list()
                .map(Optional::of);
    }

    /** A head that says something, and has not expired. */
    private record Visible(SessionHead head, Instant asOf) {}

    private Uni<Optional<Visible>> head(String sessionId, Instant now) {
        return dynamoDb.get(sessionId, false)
                .map(HeadItems::toHead)
                .map(
                        head ->
                                Optional.ofNullable(head.asOf())
                                        .filter(asOf -> !retention.hasExpired(asOf, now))
                                        .map(asOf -> new Visible(head, asOf)));
    }

    private Session session(String sessionId, Visible visible, Instant now) {
        SessionHead head = visible.head();
        Instant asOf = visible.asOf();
        List<Turn> kept =
                head.tail().turns().stream()
                        .filter(turn -> !retention.hasExpired(turn.occurredAt(), now))
                        .toList();
        return new Session(
                sessionId,
                value(head.profile().userId()),
                value(head.profile().channel()),
                head.status(),
                head.startedAt().orElse(asOf),
                head.lastActivityAt().orElse(asOf),
                asOf,
                head.counters(),
                Session.values(head.profile().attributes()),
                Session.values(head.profile().userData()),
                head.version(),
                kept);
    }

    private static @Nullable String value(@Nullable Stamped<String> stamped) {
        return stamped == null ? null : stamped.value();
    }
}
