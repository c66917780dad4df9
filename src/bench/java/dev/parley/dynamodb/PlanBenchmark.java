package dev.parley.dynamodb;

import dev.parley.bench.Figure;
import dev.parley.bench.Row;
import dev.parley.dynamodb.client.ItemUpdate;
import dev.parley.dynamodb.layout.HeadItems;
import dev.parley.dynamodb.layout.SessionHead;
import dev.parley.dynamodb.plan.SessionPlanner;
import dev.parley.session.Prose;
import dev.parley.session.SessionEvent;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Measures the CPU time to plan a turn, and the heap of a cached session. Absolute times differ
 * between machines.
 */
public final class PlanBenchmark {

    private static final ThreadMXBean CPU = ManagementFactory.getThreadMXBean();
    private static final int TURNS = 4_000;
    private static final int SESSIONS = 20_000;
    private static final double MAX_MICROS = 50;
    private static final double MAX_HEAP = 2_048;

    private PlanBenchmark() {}

    public static List<Row> rows(int rounds) {
        return List.of(
                Row.of("plan.plan", "plan, encode and deflate one turn", planTime(1, false, rounds))
                        .atMost(MAX_MICROS),
                Row.of(
                        "plan.update",
                        "the same, and build its update expression",
                        planTime(1, true, rounds)),
                Row.of(
                        "plan.ten",
                        "the same for ten turns at once, per turn",
                        planTime(10, true, rounds)),
                measureHeap());
    }

    private static SessionPlanner planner() {
        return LocalTable.planner(LocalTable.MAX_PROFILE_BYTES);
    }

    private static Figure planTime(int turnsPerPlan, boolean withUpdate, int rounds) {
        SessionPlanner planner = planner();
        Prose prose = new Prose(1);
        List<SessionEvent> turns = new ArrayList<>();
        for (int i = 0; i < TURNS; i++) {
            turns.add(prose.turn("s-1", i));
        }
        List<Double> micros = new ArrayList<>();
        for (int round = -2; round < rounds; round++) {
            long start = CPU.getCurrentThreadCpuTime();
            SessionHead head = HeadItems.toHead(Map.of());
            int written = 0;
            for (int i = 0; i < TURNS; i += turnsPerPlan) {
                List<SessionEvent> batch = turns.subList(i, i + turnsPerPlan);
                SessionHead next =
                        planner.plan(head, PlannerCheck.indexed(batch), Set.of(), LocalTable.NOW)
                                .head();
                if (withUpdate) {
                    Map<String, AttributeValue> before =
                            head.version() == 0
                                    ? Map.of()
                                    : LocalTable.HEAD_ITEMS.toItem("s-1", head);
                    written +=
                            ItemUpdate.between(before, LocalTable.HEAD_ITEMS.toItem("s-1", next))
                                    .set()
                                    .size();
                }
                head = next;
            }
            if (round >= 0) {
                micros.add((CPU.getCurrentThreadCpuTime() - start) / 1e3 / TURNS);
            }
            if (head.counters().turns() + written < TURNS) {
                throw new AssertionError("the plans do not contain all turns");
            }
        }
        return Figure.of(micros, "µs");
    }

    /**
     * Measures heads as the cache contains them. They are read from items, as after a cold start.
     */
    private static Row measureHeap() {
        SessionPlanner planner = planner();
        Prose prose = new Prose(1);
        List<SessionHead> heads = new ArrayList<>(SESSIONS);
        long before = usedHeap();
        for (int i = 0; i < SESSIONS; i++) {
            SessionHead head = HeadItems.toHead(Map.of());
            for (int turn = 0; turn < 5; turn++) {
                SessionEvent event = prose.turn("s-" + i, turn);
                head = planner.plan(head, Map.of(0, event), Set.of(), LocalTable.NOW).head();
            }
            heads.add(HeadItems.toHead(LocalTable.HEAD_ITEMS.toItem("s-" + i, head)));
        }
        long bytes = (usedHeap() - before) / SESSIONS;
        long tails = heads.stream().mapToLong(head -> head.tail().bytes()).sum() / SESSIONS;
        return Row.of(
                        "plan.heap",
                        "heap of a cached session without the stored bytes of its tail; those bytes",
                        Figure.exactly((double) bytes - tails, "B"),
                        Figure.exactly((double) tails, "B"))
                .atMost(MAX_HEAP);
    }

    private static long usedHeap() {
        for (int i = 0; i < 4; i++) {
            System.gc();
        }
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
