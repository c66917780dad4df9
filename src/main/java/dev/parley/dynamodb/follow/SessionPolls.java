package dev.parley.dynamodb.follow;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.parley.dynamodb.client.DynamoDb;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Polls the heads of followed sessions. Each poll of an ordinary head costs half a read unit. All
 * followers of one session poll at the same moments and share the result of one request. Different
 * sessions are polled at different moments.
 */
public final class SessionPolls {

    private final DynamoDb dynamoDb;
    private final Duration interval;
    private final AsyncCache<String, Map<String, AttributeValue>> polls;

    /**
     * Creates the polls.
     *
     * @param interval the time between two polls of a session; followers share a result for half of
     *     that time
     */
    public SessionPolls(DynamoDb dynamoDb, Duration interval) {
        this.dynamoDb = dynamoDb;
        this.interval = interval;
        this.polls = Caffeine.newBuilder().expireAfterWrite(interval.dividedBy(2)).buildAsync();
    }

    /** Returns the item of the session at each poll. A poll that fails emits nothing. */
    public Multi<Map<String, AttributeValue>> poll(String sessionId) {
        return Multi.createFrom()
                .ticks()
                .startingAfter(untilNextPoll(sessionId))
                .every(interval)
                .onOverflow()
                .drop()
                .onItem()
                .transformToMultiAndConcatenate(
                        tick -> read(sessionId).toMulti().onFailure().recoverWithCompletion());
    }

    private Duration untilNextPoll(String sessionId) {
        long since = Math.floorMod(System.nanoTime() - sessionId.hashCode(), interval.toNanos());
        return interval.minusNanos(since);
    }

    /**
     * Reads the item, or shares the result of another follower. The future is a copy, so that a
     * follower that cancels does not cancel the request for the others.
     */
    private Uni<Map<String, AttributeValue>> read(String sessionId) {
        return Uni.createFrom()
                .completionStage(
                        () ->
                                polls.get(
                                                sessionId,
                                                (id, executor) ->
                                                        dynamoDb.get(id, false)
                                                                .subscribeAsCompletionStage())
                                        .copy());
    }
}
