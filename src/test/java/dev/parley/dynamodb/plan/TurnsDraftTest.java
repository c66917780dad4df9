package dev.parley.dynamodb.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.dynamodb.LocalTable;
import dev.parley.dynamodb.PlannedEvent;
import dev.parley.dynamodb.layout.BlockSize;
import dev.parley.dynamodb.layout.HeadItems;
import dev.parley.dynamodb.layout.PageKey;
import dev.parley.dynamodb.layout.SessionHead;
import dev.parley.dynamodb.layout.TurnBlock;
import dev.parley.dynamodb.layout.TurnPage;
import dev.parley.session.Prose;
import dev.parley.session.SessionEvent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TurnsDraftTest {

    private static final int TURNS = 120;

    /** How a session is laid out tells nothing of the batches that it came in. */
    @ParameterizedTest
    @ValueSource(ints = {2, 3, 10, 40, 120})
    void turns_inOneBatch_arePackedAsOneByOne(int atOnce) {
        List<SessionEvent> turns = new ArrayList<>();
        Prose prose = new Prose(3);
        for (int i = 0; i < TURNS; i++) {
            turns.add(prose.turn("s-1", i));
        }

        Map<PageKey, TurnPage> pages = new HashMap<>();
        SessionHead head = planned(turns, atOnce, pages);

        Map<PageKey, TurnPage> expectedPages = new HashMap<>();
        SessionHead expected = planned(turns, 1, expectedPages);
        assertThat(pages).isEqualTo(expectedPages).hasSizeGreaterThan(10);
        assertThat(head.tail()).isEqualTo(expected.tail());
        assertThat(head.pages()).isEqualTo(expected.pages());
        assertThat(head.counters()).isEqualTo(expected.counters());
    }

    private static SessionHead planned(
            List<SessionEvent> turns, int atOnce, Map<PageKey, TurnPage> pages) {
        SessionPlanner planner =
                new SessionPlanner(
                        LocalTable.RETENTION,
                        new BlockSize(LocalTable.TAIL_BYTES, TurnBlock.Encoding.DEFLATED),
                        LocalTable.MAX_PROFILE_BYTES);
        SessionHead head = HeadItems.toHead(Map.of());
        for (int i = 0; i < turns.size(); i += atOnce) {
            Map<Integer, SessionEvent> events = PlannedEvent.indexed(turns.subList(i, i + atOnce));
            Plan plan = planner.plan(head, events, Set.of(), LocalTable.NOW);
            pages.putAll(plan.pages());
            head = plan.head();
        }
        return head;
    }
}
