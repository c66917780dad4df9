package dev.parley.dynamodb;

import static dev.parley.session.EventBuilder.event;

import dev.parley.dynamodb.client.DynamoDbFailures;
import dev.parley.dynamodb.layout.PageItem;
import dev.parley.dynamodb.layout.PageKey;
import dev.parley.dynamodb.layout.ProfileItem;
import dev.parley.dynamodb.layout.SessionHead;
import dev.parley.dynamodb.layout.TextPart;
import dev.parley.dynamodb.layout.TurnPosition;
import dev.parley.dynamodb.layout.VisibleHead;
import dev.parley.json.Turns;
import dev.parley.session.EventBuilder;
import dev.parley.session.Json;
import dev.parley.session.Role;
import dev.parley.session.Session;
import dev.parley.session.SessionEvent;
import dev.parley.session.TimeRange;
import dev.parley.session.Turn;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * A session that several writers change, batch by batch, while a test reads it. The writers have
 * outdated caches, and they crash. The state of the session after each write is known.
 */
final class ChangingSession {

    private static final int WRITERS = 3;
    private static final double CRASH_PROBABILITY = 0.04;

    private final LocalTable table;
    private final String id;
    private final Random random;
    private final ItemHistory history;
    private final List<SessionEvent> events;
    private final List<DynamoDbSessionWriter> writers = new ArrayList<>();
    private final Map<Long, State> states = new HashMap<>();
    private final Map<PageAtWrite, StoredPage> pages = new HashMap<>();
    private CompletableFuture<?> currentWrite = CompletableFuture.completedFuture(null);
    private int nextEvent;

    private record PageAtWrite(PageKey key, long write) {}

    private record StoredPage(List<Turn> turns, int splits) {}

    /**
     * What a session contained after a write.
     *
     * @param exists whether readers may see the session
     * @param turns the turns in their order
     * @param attributes the attributes of the session
     */
    record State(boolean exists, List<Turn> turns, Map<String, Json> attributes) {

        private static final State NONE = new State(false, List.of(), Map.of());

        Map<String, Long> revisions(TimeRange range) {
            return turns.stream()
                    .filter(turn -> range.contains(turn.occurredAt()))
                    .collect(Collectors.toMap(Turn::id, Turn::revision));
        }
    }

    ChangingSession(LocalTable table, String id, Random random) {
        this.table = table;
        this.id = id;
        this.random = random;
        this.history = table.history();
        this.events = events();
        for (int i = 0; i < WRITERS; i++) {
            writers.add(newWriter());
        }
    }

    private DynamoDbSessionWriter newWriter() {
        return table.crashingWriter(history, random, CRASH_PROBABILITY);
    }

    ItemHistory history() {
        return history;
    }

    boolean isComplete() {
        return nextEvent == events.size();
    }

    State state() {
        return stateAt(history.writes());
    }

    /**
     * Returns all states of the session that a reader may have seen since {@code start}.
     *
     * @param start the number of writes when the read began
     * @param maxLag the number of writes by which replicas may lag behind
     */
    List<State> statesSince(long start, int maxLag) {
        return LongStream.rangeClosed(Math.max(0, start - maxLag), history.writes())
                .mapToObj(this::stateAt)
                .toList();
    }

    private State stateAt(long write) {
        return states.computeIfAbsent(
                write,
                number ->
                        VisibleHead.of(
                                        id,
                                        history.itemAt(id, number),
                                        LocalTable.RETENTION,
                                        LocalTable.NOW)
                                .map(visible -> state(visible.head(), number))
                                .orElse(State.NONE));
    }

    private State state(SessionHead head, long write) {
        SessionHead whole = head.with(ProfileItem.of(history.itemAt(ProfileItem.key(id), write)));
        return new State(
                true, turns(head, write), Session.values(whole.wholeProfile().attributes()));
    }

    private List<Turn> turns(SessionHead head, long write) {
        List<Turn> turns = new ArrayList<>(head.tail().turns());
        TurnPosition end = head.tail().isEmpty() ? null : head.tail().first();
        for (int page = head.pages().next() - 1; page >= head.pages().first(); page--) {
            List<Turn> inPage = new ArrayList<>();
            addPage(inPage, PageKey.of(page), write);
            if (!inPage.isEmpty()) {
                turns.addAll(before(end, inPage));
                end = TurnPosition.of(inPage.getFirst());
            }
        }
        turns.addAll(head.waiting().turns());
        return turns.stream()
                .collect(Collectors.toMap(Turn::identity, turn -> turn, ChangingSession::newer))
                .values()
                .stream()
                .map(turn -> withText(turn, write))
                .sorted(Turn.ORDER)
                .toList();
    }

    private Turn withText(Turn turn, long write) {
        Turn.Parts parts = turn.parts();
        if (parts == null) {
            return turn;
        }
        Map<String, Map<String, AttributeValue>> items = new HashMap<>();
        TextPart.keys(id, parts).forEach(key -> items.put(key, history.itemAt(key, write)));
        return TextPart.text(id, parts, items)
                .map(text -> Turns.read(new Json(text)))
                .orElseThrow(() -> new IllegalStateException("a part is missing: " + turn));
    }

    /** A page ends where the next one begins, and the last one where the tail begins. */
    private static List<Turn> before(@Nullable TurnPosition end, List<Turn> turns) {
        return turns.stream()
                .filter(turn -> end == null || end.isAfter(TurnPosition.of(turn)))
                .toList();
    }

    private static Turn newer(Turn one, Turn other) {
        return other.revision() > one.revision() ? other : one;
    }

    private void addPage(List<Turn> turns, PageKey key, long write) {
        StoredPage page =
                pages.computeIfAbsent(
                        new PageAtWrite(key, history.lastWriteTo(key.itemKey(id), write)),
                        this::page);
        turns.addAll(page.turns());
        for (int split = page.splits(); split > 0; split--) {
            addPage(turns, key.split(split), write);
        }
    }

    private StoredPage page(PageAtWrite at) {
        return PageItem.page(history.itemAt(at.key().itemKey(id), at.write()), at.key())
                .map(page -> new StoredPage(page.turns().turns(), page.splits()))
                .orElseGet(() -> new StoredPage(List.of(), 0));
    }

    /** Writes the next batch, unless all events are written or a write is in progress. */
    CompletableFuture<?> write() {
        if (isComplete() || !currentWrite.isDone()) {
            return CompletableFuture.completedFuture(null);
        }
        int writer = random.nextInt(WRITERS);
        int end = Math.min(events.size(), nextEvent + 1 + random.nextInt(4));
        currentWrite =
                writers.get(writer)
                        .apply(id, events.subList(nextEvent, end))
                        .subscribeAsCompletionStage()
                        .handle((done, failure) -> isWritten(failure, writer))
                        .thenAccept(written -> nextEvent = written ? end : nextEvent)
                        .thenCompose(done -> history.allRecorded())
                        .toCompletableFuture();
        return currentWrite;
    }

    /** Waits until the current write has ended. */
    void awaitWrite() {
        currentWrite.join();
    }

    private boolean isWritten(Throwable failure, int writer) {
        if (failure == null) {
            return true;
        }
        Throwable cause = DynamoDbFailures.cause(failure);
        if (!RandomlyCrashingDynamoDb.isCrash(cause)) {
            throw new CompletionException(cause);
        }
        writers.set(writer, newWriter());
        return false;
    }

    /**
     * Creates the events. Most turns are in order; some are late, some are revised, and some are
     * repeated. Two thirds of the sessions may have deletions, too.
     */
    private List<SessionEvent> events() {
        List<SessionEvent> created = new ArrayList<>();
        boolean deletions = random.nextInt(3) > 0;
        int seconds = 20 + random.nextInt(50);
        for (int second = 0; second < seconds; second++) {
            created.add(turn(second, 0));
            if (random.nextInt(4) == 0) {
                created.add(attribute(second));
            }
            int earlier = second - random.nextInt(30);
            switch (random.nextInt(12)) {
                case 0, 1 -> created.add(turn(earlier, 1 + random.nextInt(2)));
                case 2 -> created.add(late(earlier));
                case 3 -> created.add(created.get(random.nextInt(created.size())));
                case 4 -> addDeletion(created, deletions, earlier);
                case 5 -> created.add(event(id).at(second).ended());
                default -> {}
            }
        }
        return created;
    }

    /** Sets or removes one of few attributes; some values are too large for the head. */
    private SessionEvent attribute(int second) {
        String key = "k" + random.nextInt(3);
        EventBuilder event = event(id).at(second);
        return switch (random.nextInt(5)) {
            case 0 -> event.attribute(key, null).updated();
            case 1 -> event.clears().updated();
            default -> event.attribute(key, second + "-".repeat(random.nextInt(2) * 500)).updated();
        };
    }

    private void addDeletion(List<SessionEvent> created, boolean deletions, int second) {
        if (deletions) {
            created.add(event(id).at(random.nextInt(4) == 0 ? second + 100 : second).deleted());
        }
    }

    private SessionEvent turn(int second, long revision) {
        return turn(event(id).at(second), second, "t", revision);
    }

    private SessionEvent late(int second) {
        return turn(
                event(id)
                        .at(
                                EventBuilder.START
                                        .plusSeconds(second)
                                        .plusMillis(1 + random.nextInt(9))),
                second,
                "late-" + random.nextInt(1_000),
                0);
    }

    private static SessionEvent turn(EventBuilder at, int second, String name, long revision) {
        return at.revision(revision)
                .role(second % 2 == 0 ? Role.USER : Role.ASSISTANT)
                .turn(name + second, noise(second, length(second)) + revision);
    }

    /** Some texts are too large for a tail, and some are so large that they are stored in parts. */
    private static int length(int second) {
        if (second % 13 == 0) {
            return 600;
        }
        return second % 17 == 0 ? 1_500 : 60;
    }

    private static String noise(int seed, int length) {
        StringBuilder noise = new StringBuilder();
        new Random(seed).ints(length, 'a', 'z').forEach(letter -> noise.append((char) letter));
        return noise.toString();
    }
}
