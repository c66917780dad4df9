package dev.parley.dynamodb;

import static dev.parley.support.Timeouts.TIMEOUT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.dynamodb.client.DynamoDb;
import dev.parley.dynamodb.follow.FollowCursor;
import dev.parley.dynamodb.follow.SessionFollower;
import dev.parley.dynamodb.layout.VisibleHead;
import dev.parley.dynamodb.pages.PageWalk;
import dev.parley.dynamodb.read.LargeTurns;
import dev.parley.dynamodb.read.WholeProfiles;
import dev.parley.json.Turns;
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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A client that follows a session and keeps its turns as the API's description requires. */
final class FollowingClient {

    private final DynamoDb requests;
    private final SessionFollower.Source source;
    private final String id;
    private final Map<String, Turn> turns = new HashMap<>();
    private Instant erasedUpTo = Instant.MIN;
    private @Nullable SessionFollower follower;
    private @Nullable FollowCursor lastCursor;

    FollowingClient(DynamoDb requests, String id) {
        this.requests = requests;
        this.source =
                new SessionFollower.Source(
                        new PageWalk(requests),
                        new LargeTurns(requests),
                        new WholeProfiles(requests, session -> latestHead()),
                        this::latestHead);
        this.id = id;
    }

    /** Returns the turns in their order. */
    List<Turn> turns() {
        return turns.values().stream().sorted(Turn.ORDER).toList();
    }

    /**
     * Polls the session once.
     *
     * @param atMost the number of changes after which the connection breaks; {@link
     *     Integer#MAX_VALUE} if it doesn't break
     * @return whether the session was reported as gone
     */
    boolean poll(int atMost) {
        if (follower == null) {
            Optional<VisibleHead> head = head(true).await().atMost(TIMEOUT);
            if (head.isEmpty()) {
                turns.clear(); // the API responds with 404
                return false;
            }
            follower = connect(head.get());
        }
        Optional<VisibleHead> head = head(false).await().atMost(TIMEOUT);
        Multi<SessionChange> changes = follower.changesTo(head);
        (atMost == Integer.MAX_VALUE ? changes : changes.select().first(atMost))
                .collect()
                .asList()
                .await()
                .atMost(TIMEOUT)
                .forEach(this::apply);
        boolean gone = follower.isGone();
        if (atMost != Integer.MAX_VALUE || gone) {
            follower = null;
        }
        return gone;
    }

    private Uni<Optional<VisibleHead>> head(boolean consistent) {
        return requests.get(id, consistent)
                .map(item -> VisibleHead.of(id, item, LocalTable.RETENTION, LocalTable.NOW));
    }

    private Uni<Optional<VisibleHead>> latestHead() {
        return head(true);
    }

    private SessionFollower connect(VisibleHead head) {
        int first = head.head().pages().first();
        return Optional.ofNullable(lastCursor)
                .flatMap(cursor -> SessionFollower.resumed(source, head, cursor))
                .orElseGet(() -> SessionFollower.from(source, head, first, TimeRange.ALL));
    }

    private void apply(SessionChange change) {
        switch (change) {
            case TurnChanged(var json, String cursor) -> {
                Turn turn = Turns.read(json);
                assertThat(turn.occurredAt())
                        .as("a reported turn of " + id + " must not be erased")
                        .isAfter(erasedUpTo);
                turns.merge(turn.id(), turn, (a, b) -> a.revision() >= b.revision() ? a : b);
                lastCursor = FollowCursor.of(cursor);
            }
            case TurnsErased(var upTo, String cursor) -> {
                erasedUpTo = upTo;
                turns.values().removeIf(turn -> !turn.occurredAt().isAfter(upTo));
                lastCursor = FollowCursor.of(cursor);
            }
            case SessionChanged(var _, String cursor) -> lastCursor = FollowCursor.of(cursor);
            case SessionGone gone -> turns.clear();
        }
    }
}
