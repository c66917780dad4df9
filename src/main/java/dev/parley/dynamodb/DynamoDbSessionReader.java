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
        return dynamoDb.get(sessionId, false)
                .map(item -> visible(sessionId, HeadItems.toHead(item), clock.instant()));
    }

    @Override
    public Uni<Optional<Page<Turn>>> listTurns(String sessionId, TurnQuery query) {
        return dynamoDb.get(sessionId, false)
                .map(HeadItems::toHead)
                .chain(
                        head ->
                                isVisible(head, clock.instant())
                                        ? list(sessionId, head, query).map(Optional::of)
                                        : Uni.createFrom().item(Optional.empty()));
    }

    private Uni<Page<Turn>> list(String sessionId, SessionHead head, TurnQuery query) {
        Instant now = clock.instant();
        return new TurnLister(
                        pages,
                        sessionId,
                        head,
                        query,
                        turn -> !retention.hasExpired(turn.occurredAt(), now))
                .list();
    }

    private boolean isVisible(SessionHead head, Instant now) {
        return head.asOf() != null && !retention.hasExpired(head.asOf(), now);
    }

    private Optional<Session> visible(String sessionId, SessionHead head, Instant now) {
        Instant asOf = head.asOf();
        return asOf == null || retention.hasExpired(asOf, now)
                ? Optional.empty()
                : Optional.of(session(sessionId, head, asOf, now));
    }

    private Session session(String sessionId, SessionHead head, Instant asOf, Instant now) {
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
