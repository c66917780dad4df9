package dev.parley.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.dynamodb.layout.HeadItems;
import dev.parley.dynamodb.layout.SessionHead;
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

/** Plans the first event of a session with the planner alone, and verifies the plan. */
public final class PlannerCheck {

    private final SessionPlanner planner = LocalTable.planner(LocalTable.MAX_PROFILE_BYTES);

    /**
     * Plans the event, reads back the head that the plan would store, and plans the event again.
     *
     * @return the outcome of the first plan: {@code applied}, {@code not applied}, or the reason
     *     why the event is rejected
     */
    public String outcome(SessionEvent event) {
        Plan first = plan(HeadItems.toHead(Map.of()), event);
        Map<String, AttributeValue> item =
                LocalTable.HEAD_ITEMS.toItem(event.sessionId(), first.head());
        SessionHead stored = HeadItems.toHead(item);
        assertThat(LocalTable.HEAD_ITEMS.toItem(event.sessionId(), stored)).isEqualTo(item);
        if (event instanceof TurnRecorded recorded && first.changes()) {
            assertThat(turns(first)).containsExactly(recorded.turn());
        }
        if (first.pages().isEmpty() && first.changes()) {
            assertThat(plan(stored, event).changes()).isFalse();
        }
        assertThat(first.pages().size()).isLessThanOrEqualTo(1);
        return first.outcomes().get(0) instanceof Outcome.Rejected rejected
                ? rejected.reason()
                : first.changes() ? "applied" : "not applied";
    }

    /** Returns the events by their index, in the form that the planner takes. */
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
