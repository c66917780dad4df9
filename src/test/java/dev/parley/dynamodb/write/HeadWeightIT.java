package dev.parley.dynamodb.write;

import static dev.parley.session.EventBuilder.event;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.benmanes.caffeine.cache.Caffeine;
import dev.parley.dynamodb.LocalTable;
import dev.parley.dynamodb.RandomHistory;
import dev.parley.dynamodb.layout.HeadItems;
import dev.parley.dynamodb.layout.SessionHead;
import dev.parley.dynamodb.layout.SessionTable;
import dev.parley.dynamodb.layout.TableConfig;
import dev.parley.dynamodb.plan.SessionPlanner;
import dev.parley.session.EventBuilder;
import dev.parley.session.Prose;
import dev.parley.session.Role;
import dev.parley.session.SessionEvent;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.openjdk.jol.info.GraphLayout;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Tests that the weight of a head in the cache is close to the heap memory that the head uses. JOL
 * measures this memory object by object. Both numbers are the same in each run.
 */
@Tag("slow")
class HeadWeightIT {

    static {
        // The JDK does not return the offsets of the fields of a record. With this, JOL measures
        // them.
        System.setProperty("jol.magicFieldOffset", "true");
    }

    private static final long SEED = 42;
    private static final int MAX_ID = 512;
    private static final int MAX_PROFILE_BYTES = 16_384;

    /** The bytes of a cache entry without its key and its head. */
    private static final long CACHE_ENTRY_BYTES = 200;

    /** Objects that exist once for all heads, such as the roles and the empty profile. */
    private static final Object[] SHARED_OBJECTS = {HeadItems.toHead(Map.of()), Role.values()};

    private static final SessionPlanner PLANNER = LocalTable.planner(MAX_PROFILE_BYTES);

    /** A head, and the id of its session, which is its key in the cache. */
    record CachedHead(String description, String id, SessionHead head) {
        @Override
        public String toString() {
            return description;
        }
    }

    static Stream<CachedHead> heads() {
        return Stream.of(
                        headAfter("no events", "s", List.of()),
                        headAfter("a turn", "s-1", turns("s-1", 1, 8)),
                        headAfter("a tail", "s-2", turns("s-2", 8, 36)),
                        headAfter("pages", "s-3", turns("s-3", 40, 36)),
                        withWaitingTurns(headAfter("late turns", "s-11", turns("s-11", 40, 36))),
                        headAfter("long ids", id('s', 1), turns(id('s', 1), 9, MAX_ID)),
                        headAfter("wide ids", id('\u4e2d', 2), turns(id('\u4e2d', 2), 3, 40)),
                        headAfter("a large profile", "s-4", profile("s-4", 1, 14_000, 'x')),
                        headAfter("a wide profile", "s-5", profile("s-5", 1, 5_000, '\u4e2d')),
                        headAfter("a profile of many keys", "s-6", profile("s-6", 900, 1, 'x')),
                        headAfter("removed keys", "s-7", removedKeys("s-7", 400)),
                        headAfter("long keys", "s-8", profile("s-8", 10, 700, 'x')),
                        headAfter("all roles and times", "s-9", allRoles("s-9")),
                        headAfter("a deletion", "s-10", List.of(event("s-10").at(9).deleted())))
                .flatMap(HeadWeightIT::plannedAndRead);
    }

    /** Returns the head with copies of the tail's turns as waiting turns. */
    private static CachedHead withWaitingTurns(CachedHead head) {
        Map<String, AttributeValue> item = LocalTable.HEAD_ITEMS.toItem(head.id(), head.head());
        item.put(SessionTable.WAITING_TURNS, item.get(SessionTable.TURNS));
        return new CachedHead(head.description(), head.id(), HeadItems.toHead(item));
    }

    @ParameterizedTest
    @MethodSource("heads")
    void weight_ofHead_isCloseToHeapSize(CachedHead cached) {
        long weight = HeadWeight.bytes(cached.id(), cached.head());

        assertThat(weight)
                .as("%s", cached)
                .isBetween((long) (0.9 * heapBytes(cached)), 2 * heapBytes(cached) + 1_000);
    }

    /** Random histories cover combinations that {@link #heads} does not list. */
    @Test
    void weight_ofRandomHeads_isCloseToHeapSize() {
        Random random = new Random(SEED);
        for (int i = 0; i < 300; i++) {
            String id = id((char) ('a' + i % 26), random.nextInt(MAX_ID));
            CachedHead cached = headAfter("random " + i, id, RandomHistory.of(id, random));

            assertThat((long) HeadWeight.bytes(id, cached.head()))
                    .as("%s", cached)
                    .isBetween((long) (0.9 * heapBytes(cached)), 2 * heapBytes(cached) + 1_000);
        }
    }

    /** Adds heads with long ids and large profiles until the cache evicts heads. */
    @Test
    void cache_ofOneMebibyte_keepsLessThanThat() {
        HeadCache cache =
                new HeadCache(
                        LocalTable.Config.of(TableConfig.Mode.OFF), new SimpleMeterRegistry());
        List<CachedHead> added = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            String id = id('s', MAX_ID - 1) + i;
            added.add(headAfter("s " + i, id, profile(id, 1 + i % 40, 12_000 / (1 + i % 40), 'x')));
            cache.put(id, added.getLast().head());
        }

        Map<String, SessionHead> kept = new HashMap<>();
        added.forEach(each -> cache.get(each.id()).ifPresent(head -> kept.put(each.id(), head)));

        assertThat(kept).isNotEmpty();
        assertThat(GraphLayout.parseInstance(kept).totalSize()).isLessThan(1 << 20);
    }

    /** Measures the bytes for each entry of a cache that contains only small numbers. */
    @Test
    void cacheEntry_withoutKeyAndHead_takesLessThanAssumed() {
        var cache =
                Caffeine.newBuilder()
                        .maximumWeight(Integer.MAX_VALUE)
                        .weigher((Integer key, Integer value) -> 1)
                        .executor(Runnable::run)
                        .build();
        int entries = 1_000;
        IntStream.range(0, entries).forEach(i -> cache.put(i, i));
        cache.cleanUp();

        long bytes = GraphLayout.parseInstance(cache).totalSize() / entries;

        assertThat(bytes).isLessThan(CACHE_ENTRY_BYTES);
    }

    private static long heapBytes(CachedHead cached) {
        Object[] roots = {cached.id(), cached.head()};
        GraphLayout all = GraphLayout.parseInstance(roots);
        return all.subtract(GraphLayout.parseInstance(SHARED_OBJECTS)).totalSize()
                + CACHE_ENTRY_BYTES;
    }

    /** Returns the head as it is after a write, and as it is after a read. */
    private static Stream<CachedHead> plannedAndRead(CachedHead planned) {
        SessionHead read =
                HeadItems.toHead(LocalTable.HEAD_ITEMS.toItem(planned.id(), planned.head()));
        return Stream.of(
                planned, new CachedHead(planned.description() + ", read", planned.id(), read));
    }

    private static CachedHead headAfter(String description, String id, List<SessionEvent> events) {
        SessionHead head = HeadItems.toHead(Map.of());
        for (SessionEvent event : events) {
            head =
                    event instanceof SessionEvent.SessionDeleted deletion
                            ? PLANNER.erase(head, deletion, LocalTable.NOW).finished(0).head()
                            : PLANNER.plan(head, Map.of(0, event), Set.of(), LocalTable.NOW).head();
        }
        return new CachedHead(description, id, head);
    }

    private static List<SessionEvent> turns(String id, int number, int idLength) {
        Prose prose = new Prose(SEED);
        return IntStream.range(0, number)
                .<SessionEvent>mapToObj(
                        i ->
                                event(id)
                                        .at(i)
                                        .userId("u-1042")
                                        .channel("web")
                                        .turn(i + "t".repeat(idLength), prose.text(300)))
                .toList();
    }

    private static List<SessionEvent> profile(String id, int keys, int length, char character) {
        List<SessionEvent> events = new ArrayList<>();
        for (int i = 0; i < keys; i++) {
            EventBuilder event = event(id).at(i).userId(id('u', MAX_ID)).channel(id('c', MAX_ID));
            String value = Character.toString(character).repeat(length);
            events.add(
                    i % 2 == 0
                            ? event.attribute("key-" + i, value).updated()
                            : event.userData("key-" + i, value).updated());
        }
        return events;
    }

    private static List<SessionEvent> removedKeys(String id, int keys) {
        return IntStream.range(0, keys)
                .<SessionEvent>mapToObj(i -> event(id).at(i).attribute("key-" + i, null).updated())
                .toList();
    }

    private static List<SessionEvent> allRoles(String id) {
        List<SessionEvent> events = new ArrayList<>();
        for (Role role : Role.values()) {
            events.add(
                    event(id)
                            .at(Instant.parse("2026-11-22T10:00:00.123456789Z"))
                            .role(role)
                            .usage(1L << 40, 1L << 41)
                            .latencyMs(70_000)
                            .error()
                            .turn("t-" + role, "Hello"));
        }
        events.add(event(id).at(100).ended());
        return events;
    }

    private static String id(char character, int length) {
        return Character.toString(character).repeat(Math.max(1, length));
    }
}
