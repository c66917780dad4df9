package dev.parley.dynamodb.write;

import static dev.parley.session.EventBuilder.event;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.benmanes.caffeine.cache.Caffeine;
import dev.parley.dynamodb.LocalTable;
import dev.parley.dynamodb.RandomHistory;
import dev.parley.dynamodb.layout.BlockSize;
import dev.parley.dynamodb.layout.HeadItems;
import dev.parley.dynamodb.layout.SessionHead;
import dev.parley.dynamodb.layout.SessionTable;
import dev.parley.dynamodb.layout.TableConfig;
import dev.parley.dynamodb.layout.TurnBlock;
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
 * What a head weighs in the cache against what it takes on the heap, measured object by object;
 * both are the same on each run.
 */
@Tag("slow")
class HeadWeightTest {

    static {
        // Records keep the place of their fields to themselves; JOL measures it.
        System.setProperty("jol.magicFieldOffset", "true");
    }

    private static final long SEED = 42;
    private static final int MAX_ID = 512;
    private static final int MAX_PROFILE_BYTES = 16_384;

    /** An entry of the cache, without key and head. */
    private static final long CACHE_ENTRY = 200;

    /** A role enum, the empty profile and the like are there once for all heads. */
    private static final Object[] SHARED = {SessionHead.empty(0, pages()), Role.values()};

    private static final SessionPlanner PLANNER =
            new SessionPlanner(
                    LocalTable.RETENTION,
                    new BlockSize(LocalTable.TAIL_BYTES, TurnBlock.Encoding.DEFLATED),
                    MAX_PROFILE_BYTES);

    private static final HeadItems ITEMS = new HeadItems(LocalTable.RETENTION, 4);

    /** A head and the id that it is cached by. */
    record Cached(String what, String id, SessionHead head) {
        @Override
        public String toString() {
            return what;
        }
    }

    static Stream<Cached> heads() {
        return Stream.of(
                        made("nothing", "s", List.of()),
                        made("a turn", "s-1", turns("s-1", 1, 8)),
                        made("a tail", "s-2", turns("s-2", 8, 36)),
                        made("pages", "s-3", turns("s-3", 40, 36)),
                        withWaitingTurns(made("late turns", "s-11", turns("s-11", 40, 36))),
                        made("long ids", id('s', 1), turns(id('s', 1), 9, MAX_ID)),
                        made("wide ids", id('\u4e2d', 2), turns(id('\u4e2d', 2), 3, 40)),
                        made("a large profile", "s-4", profile("s-4", 1, 14_000, 'x')),
                        made("a wide profile", "s-5", profile("s-5", 1, 5_000, '\u4e2d')),
                        made("a profile of many keys", "s-6", profile("s-6", 900, 1, 'x')),
                        made("removed keys", "s-7", removed("s-7", 400)),
                        made("long keys", "s-8", profile("s-8", 10, 700, 'x')),
                        made("all roles and times", "s-9", allRoles("s-9")),
                        made("a deletion", "s-10", List.of(event("s-10").at(9).deleted())))
                .flatMap(HeadWeightTest::plannedAndRead);
    }

    /** As many as there are in the tail. */
    private static Cached withWaitingTurns(Cached head) {
        Map<String, AttributeValue> item = ITEMS.toItem(head.id(), head.head());
        item.put(SessionTable.WAITING_TURNS, item.get(SessionTable.TURNS));
        return new Cached(head.what(), head.id(), HeadItems.toHead(item));
    }

    @ParameterizedTest
    @MethodSource("heads")
    void weight_ofAHead_isAboutWhatItTakes(Cached cached) {
        long weight = HeadWeight.bytes(cached.id(), cached.head());

        assertThat(weight)
                .as("%s", cached)
                .isBetween((long) (0.9 * taken(cached)), 2 * taken(cached) + 1_000);
    }

    /** Shapes that nobody thought of. */
    @Test
    void weight_ofRandomHeads_isAboutWhatTheyTake() {
        Random random = new Random(SEED);
        for (int i = 0; i < 300; i++) {
            String id = id((char) ('a' + i % 26), random.nextInt(MAX_ID));
            Cached cached = made("random " + i, id, RandomHistory.of(id, random));

            assertThat((long) HeadWeight.bytes(id, cached.head()))
                    .as("%s", cached)
                    .isBetween((long) (0.9 * taken(cached)), 2 * taken(cached) + 1_000);
        }
    }

    /** Heads of the shapes that weighed nothing, until none is taken without one going. */
    @Test
    void cache_ofAMebibyte_holdsNoMore() {
        HeadCache cache =
                new HeadCache(
                        LocalTable.Config.of(TableConfig.Mode.OFF), new SimpleMeterRegistry());
        List<Cached> put = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            String id = id('s', MAX_ID - 1) + i;
            put.add(made("s " + i, id, profile(id, 1 + i % 40, 12_000 / (1 + i % 40), 'x')));
            cache.put(id, put.getLast().head());
        }

        Map<String, SessionHead> held = new HashMap<>();
        put.forEach(each -> cache.get(each.id()).ifPresent(head -> held.put(each.id(), head)));

        assertThat(held).isNotEmpty();
        assertThat(GraphLayout.parseInstance(held).totalSize()).isLessThan(1 << 20);
    }

    /** What an entry of the cache adds to its key and head, beside the cache itself. */
    @Test
    void cache_itself_addsLessToAHeadThanIsWeighed() {
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

        assertThat(bytes).isLessThan(CACHE_ENTRY);
    }

    private static long taken(Cached cached) {
        Object[] roots = {cached.id(), cached.head()};
        GraphLayout all = GraphLayout.parseInstance(roots);
        return all.subtract(GraphLayout.parseInstance(SHARED)).totalSize() + CACHE_ENTRY;
    }

    /** As it is after a write, and as it is after it was read. */
    private static Stream<Cached> plannedAndRead(Cached planned) {
        SessionHead read = HeadItems.toHead(ITEMS.toItem(planned.id(), planned.head()));
        return Stream.of(planned, new Cached(planned.what() + ", read", planned.id(), read));
    }

    private static Cached made(String what, String id, List<SessionEvent> events) {
        SessionHead head = SessionHead.empty(0, pages());
        for (SessionEvent event : events) {
            head =
                    event instanceof SessionEvent.SessionDeleted deletion
                            ? PLANNER.erase(head, deletion, LocalTable.NOW).finished(0).head()
                            : PLANNER.plan(head, Map.of(0, event), Set.of(), LocalTable.NOW).head();
        }
        return new Cached(what, id, head);
    }

    private static SessionHead.PageRange pages() {
        return SessionHead.PageRange.NONE;
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

    private static List<SessionEvent> removed(String id, int keys) {
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
