package dev.parley.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.dynamodb.layout.BlockSize;
import dev.parley.dynamodb.layout.HeadItems;
import dev.parley.dynamodb.layout.SessionHead;
import dev.parley.dynamodb.layout.TurnBlock;
import dev.parley.dynamodb.plan.Plan;
import dev.parley.dynamodb.plan.SessionPlanner;
import dev.parley.session.Outcome;
import dev.parley.session.SessionEvent;
import dev.parley.session.SessionEvent.SessionDeleted;
import dev.parley.session.SessionEvent.TurnRecorded;
import dev.parley.session.Turn;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** What becomes of an event that comes first, by the planner alone. */
public final class PlannedEvent {

    private final SessionPlanner planner =
            new SessionPlanner(
                    LocalTable.RETENTION,
                    new BlockSize(LocalTable.TAIL_BYTES, TurnBlock.Encoding.DEFLATED),
                    LocalTable.MAX_PROFILE_BYTES);
    private final HeadItems items = new HeadItems(LocalTable.RETENTION, 4);

    /**
     * Plans the event, reads what would be stored back, and plans the event again.
     *
     * @return what became of it at first
     */
    public String outcome(SessionEvent event) {
        Plan first = plan(HeadItems.toHead(Map.of()), event);
        Map<String, AttributeValue> item = items.toItem(event.sessionId(), first.head());
        SessionHead stored = HeadItems.toHead(item);
        assertThat(items.toItem(event.sessionId(), stored)).isEqualTo(item);
        if (event instanceof TurnRecorded recorded && first.changes()) {
            assertThat(turns(first)).containsExactly(recorded.turn());
        }
        if (first.pages().isEmpty() && first.changes()) {
            assertThat(plan(stored, event).changes()).isFalse();
        }
        assertThat(first.pages().size()).isLessThanOrEqualTo(1);
        return first.outcomes().get(0) instanceof Outcome.Rejected never
                ? never.reason()
                : first.changes() ? "applied" : "not applied";
    }

    /** Events as the planner is given them. */
    public static Map<Integer, SessionEvent> indexed(List<SessionEvent> events) {
        return IntStream.range(0, events.size())
                .boxed()
                .collect(Collectors.toMap(i -> i, events::get));
    }

    private Plan plan(SessionHead head, SessionEvent event) {
        return event instanceof SessionDeleted deletion
                ? planner.erase(head, deletion, LocalTable.NOW).finished(0)
                : planner.plan(head, Map.of(0, event), Set.of(), LocalTable.NOW);
    }

    private static List<Turn> turns(Plan plan) {
        List<Turn> turns = new ArrayList<>(plan.head().tail().turns());
        plan.pages().values().forEach(page -> turns.addAll(page.turns().turns()));
        return turns;
    }
}
