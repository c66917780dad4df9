package dev.parley.dynamodb.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.dynamodb.LocalTable;
import dev.parley.dynamodb.PlannerCheck;
import dev.parley.dynamodb.layout.HeadItems;
import dev.parley.dynamodb.layout.ItemSize;
import dev.parley.dynamodb.layout.SessionHead;
import dev.parley.dynamodb.layout.TurnBlock;
import dev.parley.dynamodb.layout.TurnPage;
import dev.parley.session.Prose;
import dev.parley.session.SessionEvent;
import dev.parley.session.SessionEvent.TurnRecorded;
import dev.parley.session.Turn;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests how the turns of a draft are divided into pages and the tail. */
class TurnsDraftTest {

    private static final int TURNS = 240;
    private static final int KB = 1024;

    /** In whatever batches turns arrive, each of them is stored once, and in order. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 8, 40, 240})
    void turns_inBatches_areStoredOnceAndInOrder(int batchSize) {
        List<SessionEvent> turns = turns();
        SortedMap<Integer, TurnPage> pages = new TreeMap<>();

        SessionHead head = planInBatches(turns, batchSize, pages);

        List<String> stored = new ArrayList<>();
        pages.values().forEach(page -> stored.addAll(ids(page.turns())));
        stored.addAll(ids(head.tail()));
        assertThat(stored)
                .isEqualTo(turns.stream().map(turn -> ((TurnRecorded) turn).turn().id()).toList());
        assertThat(head.counters().turns()).isEqualTo(TURNS);
        assertThat(pages.values())
                .allMatch(page -> LocalTable.BLOCK_SIZE.fitsPage(page.turns()))
                .hasSizeBetween(TURNS / 14, TURNS / 8);
    }

    /** DynamoDB charges a write by the begun KB. */
    @Test
    void head_ofASessionWithASmallProfile_isSmallerThanOneKb() {
        List<Integer> sizes = new ArrayList<>();
        SessionHead head = HeadItems.toHead(Map.of());
        for (SessionEvent turn : turns()) {
            head = plan(head, List.of(turn), new TreeMap<>());
            sizes.add(ItemSize.of(LocalTable.HEAD_ITEMS.toItem("s-1", head)));
        }

        assertThat(sizes).allMatch(bytes -> bytes <= KB);
        assertThat(sizes.stream().mapToInt(Integer::intValue).max().orElseThrow())
                .isGreaterThan(KB * 9 / 10);
    }

    private static List<SessionEvent> turns() {
        Prose prose = new Prose(3);
        return IntStream.range(0, TURNS).<SessionEvent>mapToObj(i -> prose.turn("s-1", i)).toList();
    }

    private static List<String> ids(TurnBlock block) {
        return block.identities().map(Turn.Identity::id).toList();
    }

    private static SessionHead planInBatches(
            List<SessionEvent> turns, int batchSize, Map<Integer, TurnPage> pages) {
        SessionHead head = HeadItems.toHead(Map.of());
        for (int i = 0; i < turns.size(); i += batchSize) {
            head = plan(head, turns.subList(i, Math.min(turns.size(), i + batchSize)), pages);
        }
        return head;
    }

    private static SessionHead plan(
            SessionHead head, List<SessionEvent> events, Map<Integer, TurnPage> pages) {
        Plan plan =
                LocalTable.planner(LocalTable.MAX_PROFILE_BYTES)
                        .plan(head, PlannerCheck.indexed(events), Set.of(), LocalTable.NOW);
        plan.pages().forEach((key, page) -> pages.put(key.number(), page));
        return plan.head();
    }
}
