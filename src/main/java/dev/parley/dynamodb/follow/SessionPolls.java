package dev.parley.dynamodb.follow;

import dev.parley.SubscriptionTrace;
import dev.parley.dynamodb.client.DynamoDb;
import io.opentelemetry.context.Context;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.subscription.BackPressureStrategy;
import io.smallrye.mutiny.subscription.Cancellable;
import io.smallrye.mutiny.subscription.MultiEmitter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Polls the heads of all followed sessions at the same moments, so that their reads share requests.
 * Each poll of an ordinary head costs half a read unit, once for all followers of its session.
 * While nobody follows a session, nothing is polled.
 */
public final class SessionPolls {

    /** A poll is part of no trace, whoever follows the session. */
    private static final io.smallrye.mutiny.Context NO_TRACE =
            io.smallrye.mutiny.Context.of(SubscriptionTrace.KEY, Context.root());

    private final DynamoDb dynamoDb;
    private final Multi<Long> moments;
    private final Map<String, Followed> followed = new HashMap<>();
    private @Nullable Cancellable polls;

    private static final class Followed {
        private final List<MultiEmitter<? super Map<String, AttributeValue>>> followers =
                new ArrayList<>();
        private boolean isBeingRead;
    }

    /**
     * Creates the polls.
     *
     * @param interval the time between two polls
     */
    public SessionPolls(DynamoDb dynamoDb, Duration interval) {
        this.dynamoDb = dynamoDb;
        this.moments =
                Multi.createFrom()
                        .ticks()
                        .startingAfter(interval)
                        .every(interval)
                        .onOverflow()
                        .drop();
    }

    /**
     * Returns the item of the session at each poll; an empty item if there is none. A poll that
     * fails emits nothing, and neither does one whose predecessor is still in progress.
     */
    public Multi<Map<String, AttributeValue>> poll(String sessionId) {
        return Multi.createFrom()
                .emitter(follower -> add(sessionId, follower), BackPressureStrategy.DROP);
    }

    private synchronized void add(
            String sessionId, MultiEmitter<? super Map<String, AttributeValue>> follower) {
        followed.computeIfAbsent(sessionId, id -> new Followed()).followers.add(follower);
        follower.onTermination(() -> remove(sessionId, follower));
        if (polls == null) {
            polls = moments.subscribe().with(NO_TRACE, moment -> pollAll(), failure -> {});
        }
    }

    private synchronized void remove(
            String sessionId, MultiEmitter<? super Map<String, AttributeValue>> follower) {
        Followed session = followed.get(sessionId);
        if (session != null && session.followers.remove(follower) && session.followers.isEmpty()) {
            followed.remove(sessionId);
        }
        if (followed.isEmpty() && polls != null) {
            polls.cancel();
            polls = null;
        }
    }

    private void pollAll() {
        Map<String, Followed> due = new HashMap<>();
        synchronized (this) {
            followed.forEach(
                    (id, session) -> {
                        if (!session.isBeingRead) {
                            session.isBeingRead = true;
                            due.put(id, session);
                        }
                    });
        }
        due.forEach(
                (id, session) ->
                        dynamoDb.get(id, false)
                                .subscribe()
                                .with(
                                        NO_TRACE,
                                        item -> emit(finished(session), item),
                                        failure -> finished(session)));
    }

    /** Returns the followers that the session has now. */
    private synchronized List<MultiEmitter<? super Map<String, AttributeValue>>> finished(
            Followed session) {
        session.isBeingRead = false;
        return List.copyOf(session.followers);
    }

    private static void emit(
            List<MultiEmitter<? super Map<String, AttributeValue>>> followers,
            Map<String, AttributeValue> item) {
        followers.forEach(follower -> follower.emit(item));
    }
}
