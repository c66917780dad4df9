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
 * Looks at followed sessions again and again: half a read unit for each look at an ordinary head.
 * Those who follow the same session look at the same moments, and share what one of them found;
 * those of other sessions look at others.
 */
public final class SessionPolls {

    private final DynamoDb dynamoDb;
    private final Duration interval;
    private final AsyncCache<String, Map<String, AttributeValue>> looks;

    /**
     * Polls sessions at an interval.
     *
     * @param interval between two looks; what one follower found is taken for half of that time
     */
    public SessionPolls(DynamoDb dynamoDb, Duration interval) {
        this.dynamoDb = dynamoDb;
        this.interval = interval;
        this.looks = Caffeine.newBuilder().expireAfterWrite(interval.dividedBy(2)).buildAsync();
    }

    /** The item of the session, as often as it is looked at; nothing for a look that fails. */
    public Multi<Map<String, AttributeValue>> of(String sessionId) {
        return Multi.createFrom()
                .ticks()
                .startingAfter(untilNextLook(sessionId))
                .every(interval)
                .onOverflow()
                .drop()
                .onItem()
                .transformToMultiAndConcatenate(
                        tick -> look(sessionId).toMulti().onFailure().recoverWithCompletion());
    }

    private Duration untilNextLook(String sessionId) {
        long since = Math.floorMod(System.nanoTime() - sessionId.hashCode(), interval.toNanos());
        return interval.minusNanos(since);
    }

    /** One who leaves must not cancel the request for the others. */
    private Uni<Map<String, AttributeValue>> look(String sessionId) {
        return Uni.createFrom()
                .completionStage(
                        () ->
                                looks.get(
                                                sessionId,
                                                (id, executor) ->
                                                        dynamoDb.get(id, false)
                                                                .subscribeAsCompletionStage())
                                        .copy());
    }
}
