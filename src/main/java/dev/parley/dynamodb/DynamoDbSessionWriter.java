package dev.parley.dynamodb;

import dev.parley.session.Outcome;
import dev.parley.session.SessionEvent;
import dev.parley.session.SessionStoreException;
import dev.parley.session.SessionWriter;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Reads the head, asks the planner, writes on the version that was read. If someone else was
 * faster, DynamoDB gives back what is stored now and the plan is made again from that. Nothing is
 * written before the table is known to be right.
 */
@ApplicationScoped
class DynamoDbSessionWriter implements SessionWriter {

    /** Two consumers can meet for a moment; more lost races than this are no coincidence. */
    private static final int MAX_ATTEMPTS = 20;

    private final TableInitializer table;
    private final DynamoDb dynamoDb;
    private final SessionPlanner planner;
    private final HeadItems items;
    private final Clock clock;

    DynamoDbSessionWriter(
            TableInitializer table,
            DynamoDb dynamoDb,
            SessionPlanner planner,
            HeadItems items,
            Clock clock) {
        this.table = table;
        this.dynamoDb = dynamoDb;
        this.planner = planner;
        this.items = items;
        this.clock = clock;
    }

    @Override
    public Uni<List<Outcome>> apply(String sessionId, List<SessionEvent> events) {
        return table.usable()
                .chain(() -> dynamoDb.get(sessionId, true))
                .chain(stored -> write(sessionId, stored, events, MAX_ATTEMPTS));
    }

    private Uni<List<Outcome>> write(
            String sessionId,
            Map<String, AttributeValue> stored,
            List<SessionEvent> events,
            int attempts) {
        SessionHead head = HeadItems.toHead(stored);
        SessionPlanner.Plan plan = planner.plan(sessionId, head, events, clock.instant());
        if (!plan.changes()) {
            return Uni.createFrom().item(plan.outcomes());
        }
        Map<String, AttributeValue> before =
                head.version() == 0 ? Map.of() : items.toItem(sessionId, head);
        return dynamoDb.update(
                        UpdateExpression.between(before, items.toItem(sessionId, plan.head())))
                .chain(
                        write ->
                                switch (write) {
                                    case DynamoDb.Write.Done done ->
                                            Uni.createFrom().item(plan.outcomes());
                                    case DynamoDb.Write.Conflict conflict ->
                                            again(sessionId, conflict, events, attempts - 1);
                                });
    }

    private Uni<List<Outcome>> again(
            String sessionId,
            DynamoDb.Write.Conflict conflict,
            List<SessionEvent> events,
            int attempts) {
        return attempts > 0
                ? write(sessionId, conflict.found(), events, attempts)
                : Uni.createFrom()
                        .failure(
                                () ->
                                        new SessionStoreException.Unavailable(
                                                "lost the race for the session too often"));
    }
}
