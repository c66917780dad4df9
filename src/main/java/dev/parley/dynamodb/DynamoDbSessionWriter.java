package dev.parley.dynamodb;

import dev.parley.dynamodb.client.DynamoDb;
import dev.parley.dynamodb.layout.HeadItems;
import dev.parley.dynamodb.layout.SessionHead;
import dev.parley.dynamodb.pages.PageStore;
import dev.parley.dynamodb.plan.SessionPlanner;
import dev.parley.dynamodb.table.TableInitializer;
import dev.parley.dynamodb.write.HeadCache;
import dev.parley.dynamodb.write.PlanWriter;
import dev.parley.dynamodb.write.SessionUpdate;
import dev.parley.session.Outcome;
import dev.parley.session.SessionEvent;
import dev.parley.session.SessionWriter;
import io.smallrye.common.annotation.Identifier;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.util.List;

/**
 * Applies events to sessions. For each call it takes the head from the cache or reads it, makes a
 * plan, and writes the plan on the condition that the stored version is still the one that the plan
 * was made from. It writes nothing before {@link TableInitializer#usable} has completed.
 */
@ApplicationScoped
class DynamoDbSessionWriter implements SessionWriter {

    private final TableInitializer table;
    private final DynamoDb dynamoDb;
    private final PageStore pages;
    private final SessionPlanner planner;
    private final HeadItems items;
    private final HeadCache cache;
    private final Clock clock;

    DynamoDbSessionWriter(
            TableInitializer table,
            @Identifier(IngestRequests.NAME) DynamoDb dynamoDb,
            @Identifier(IngestRequests.NAME) PageStore pages,
            SessionPlanner planner,
            HeadItems items,
            HeadCache cache,
            Clock clock) {
        this.table = table;
        this.dynamoDb = dynamoDb;
        this.pages = pages;
        this.planner = planner;
        this.items = items;
        this.cache = cache;
        this.clock = clock;
    }

    @Override
    public Uni<List<Outcome>> apply(String sessionId, List<SessionEvent> events) {
        PlanWriter heads = new PlanWriter(sessionId, dynamoDb, items, clock);
        SessionUpdate write = new SessionUpdate(sessionId, events, heads, pages, planner, clock);
        return table.usable()
                .chain(() -> write.run(() -> head(sessionId, write)))
                .invoke(head -> cache.put(sessionId, head))
                // A failed write may have been stored, so the cached head can't be trusted.
                .onFailure()
                .invoke(failure -> cache.remove(sessionId))
                .map(head -> write.outcomes());
    }

    @Override
    public void forget() {
        cache.clear();
    }

    /**
     * Returns the head to plan from. It may be outdated: then the write fails its condition, and
     * the response contains the stored head.
     */
    private Uni<SessionHead> head(String sessionId, SessionUpdate write) {
        return cache.get(sessionId)
                .map(head -> Uni.createFrom().item(head))
                .orElseGet(
                        () ->
                                dynamoDb.get(sessionId, false)
                                        .map(HeadItems::toHead)
                                        .chain(write::withoutOrphans));
    }
}
