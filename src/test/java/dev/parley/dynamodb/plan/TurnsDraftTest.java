package dev.parley.dynamodb.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.dynamodb.LocalTable;
import dev.parley.dynamodb.PlannerCheck;
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

/** Tests how the turns of a draft are divided into pages and the tail. */
class TurnsDraftTest {

    private static final int TURNS = 120;

    /**
     * The pages and the tail of a session do not depend on the batches in which its turns arrive.
     */
    @ParameterizedTest
    @ValueSource(ints = {2, 3, 10, 40, 120})
    void turns_inBatches_areStoredAsIfOneByOne(int batchSize) {
        List<SessionEvent> turns = new ArrayList<>();
        Prose prose = new Prose(3);
        for (int i = 0; i < TURNS; i++) {
            turns.add(prose.turn("s-1", i));
        }

        Map<PageKey, TurnPage> pages = new HashMap<>();
        SessionHead head = planInBatches(turns, batchSize, pages);

        Map<PageKey, TurnPage> expectedPages = new HashMap<>();
        SessionHead expected = planInBatches(turns, 1, expectedPages);
        assertThat(pages).isEqualTo(expectedPages).hasSizeGreaterThan(10);
        assertThat(head.tail()).isEqualTo(expected.tail());
        assertThat(head.pages()).isEqualTo(expected.pages());
        assertThat(head.counters()).isEqualTo(expected.counters());
    }

    private static SessionHead planInBatches(
            List<SessionEvent> turns, int batchSize, Map<PageKey, TurnPage> pages) {
        SessionPlanner planner =
                new SessionPlanner(
                        LocalTable.RETENTION,
                        new BlockSize(LocalTable.TAIL_BYTES, TurnBlock.Encoding.DEFLATED),
                        LocalTable.MAX_PROFILE_BYTES);
        SessionHead head = HeadItems.toHead(Map.of());
        for (int i = 0; i < turns.size(); i += batchSize) {
            Map<Integer, SessionEvent> events =
                    PlannerCheck.indexed(turns.subList(i, i + batchSize));
            Plan plan = planner.plan(head, events, Set.of(), LocalTable.NOW);
            pages.putAll(plan.pages());
            head = plan.head();
        }
        return head;
    }
}
