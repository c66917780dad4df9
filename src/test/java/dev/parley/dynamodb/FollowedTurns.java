package dev.parley.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.dynamodb.client.DynamoDb;
import dev.parley.dynamodb.follow.FollowCursor;
import dev.parley.dynamodb.follow.SessionFollower;
import dev.parley.dynamodb.layout.VisibleHead;
import dev.parley.dynamodb.pages.PageWalk;
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
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The turns of one who follows a session and does what the API's description says. */
final class FollowedTurns {

    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final DynamoDb requests;
    private final PageWalk pages;
    private final String id;
    private final Map<String, Turn> turns = new HashMap<>();
    private Instant erasedUpTo = Instant.MIN;
    private @Nullable SessionFollower following;
    private @Nullable FollowCursor last;

    FollowedTurns(DynamoDb requests, String id) {
        this.requests = requests;
        this.pages = new PageWalk(requests);
        this.id = id;
    }

    /** In order. */
    List<Turn> turns() {
        return turns.values().stream().sorted(Turn.ORDER).toList();
    }

    /**
     * Takes in so many changes; if there may be more, the connection breaks after those.
     *
     * @return whether it was told that the session is gone
     */
    boolean look(int atMost) {
        if (following == null) {
            Optional<VisibleHead> head = head(true).await().atMost(PATIENCE);
            if (head.isEmpty()) {
                turns.clear(); // 404
                return false;
            }
            following = connected(head.get());
        }
        Optional<VisibleHead> head = head(false).await().atMost(PATIENCE);
        Multi<SessionChange> changes = following.changesTo(head);
        (atMost == Integer.MAX_VALUE ? changes : changes.select().first(atMost))
                .collect()
                .asList()
                .await()
                .atMost(PATIENCE)
                .forEach(this::take);
        boolean gone = following.isGone();
        if (atMost != Integer.MAX_VALUE || gone) {
            following = null;
        }
        return gone;
    }

    private Uni<Optional<VisibleHead>> head(boolean consistent) {
        return requests.get(id, consistent)
                .map(item -> VisibleHead.of(id, item, LocalTable.RETENTION, LocalTable.NOW));
    }

    private Uni<Optional<VisibleHead>> latest() {
        return head(true);
    }

    private SessionFollower connected(VisibleHead head) {
        int first = head.head().pages().first();
        return Optional.ofNullable(last)
                .flatMap(cursor -> SessionFollower.resumed(pages, head, this::latest, cursor))
                .orElseGet(
                        () ->
                                SessionFollower.from(
                                        pages, head, this::latest, first, TimeRange.ALL));
    }

    private void take(SessionChange change) {
        switch (change) {
            case TurnChanged(var json, String cursor) -> {
                Turn turn = Turns.read(json);
                assertThat(turn.occurredAt()).as("told, but erased").isAfter(erasedUpTo);
                turns.merge(turn.id(), turn, (a, b) -> a.revision() >= b.revision() ? a : b);
                last = FollowCursor.of(cursor);
            }
            case TurnsErased(var upTo, String cursor) -> {
                erasedUpTo = upTo;
                turns.values().removeIf(turn -> !turn.occurredAt().isAfter(upTo));
                last = FollowCursor.of(cursor);
            }
            case SessionChanged(var _, String cursor) -> last = FollowCursor.of(cursor);
            case SessionGone gone -> turns.clear();
        }
    }
}
