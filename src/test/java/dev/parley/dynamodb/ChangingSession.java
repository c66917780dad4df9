package dev.parley.dynamodb;

import static dev.parley.session.EventBuilder.event;

import dev.parley.dynamodb.client.DynamoDbFailures;
import dev.parley.dynamodb.layout.PageItem;
import dev.parley.dynamodb.layout.PageKey;
import dev.parley.dynamodb.layout.SessionHead;
import dev.parley.dynamodb.layout.VisibleHead;
import dev.parley.session.EventBuilder;
import dev.parley.session.Role;
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

/**
 * A session that is written to, batch by batch, while it is read: by writers that know too little
 * of each other and die. What it held after each write is known.
 */
final class ChangingSession {

    private static final int WRITERS = 3;
    private static final double CRASHES = 0.04;

    private final LocalTable table;
    private final String id;
    private final Random random;
    private final ItemHistory history;
    private final List<SessionEvent> events;
    private final List<DynamoDbSessionWriter> writers = new ArrayList<>();
    private final Map<Long, State> states = new HashMap<>();
    private final Map<PageAt, StoredPage> pages = new HashMap<>();
    private CompletableFuture<?> underWay = CompletableFuture.completedFuture(null);
    private int next;

    private record PageAt(PageKey key, long write) {}

    private record StoredPage(List<Turn> turns, int splits) {}

    /**
     * What a session held.
     *
     * @param exists whether readers may see it
     * @param turns in order
     */
    record State(boolean exists, List<Turn> turns) {

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
        return table.crashingWriter(history, random, CRASHES);
    }

    ItemHistory history() {
        return history;
    }

    boolean isComplete() {
        return next == events.size();
    }

    State state() {
        return stateAt(history.writes());
    }

    /**
     * All that the session has held since it was as replicas may have it that are so many writes
     * behind.
     *
     * @param start what had been written when the reading began
     */
    List<State> statesSince(long start, int behind) {
        return LongStream.rangeClosed(Math.max(0, start - behind), history.writes())
                .mapToObj(this::stateAt)
                .toList();
    }

    private State stateAt(long write) {
        return states.computeIfAbsent(
                write,
                known ->
                        VisibleHead.of(
                                        id,
                                        history.itemAt(id, write),
                                        LocalTable.RETENTION,
                                        LocalTable.NOW)
                                .map(visible -> new State(true, turns(visible.head(), write)))
                                .orElseGet(() -> new State(false, List.of())));
    }

    private List<Turn> turns(SessionHead head, long write) {
        List<Turn> turns = new ArrayList<>();
        for (int page = head.pages().first(); page < head.pages().next(); page++) {
            addPage(turns, PageKey.of(page), write);
        }
        turns.addAll(head.tail().turns());
        turns.addAll(head.waiting().turns());
        return turns.stream()
                .collect(Collectors.toMap(Turn::identity, turn -> turn, ChangingSession::newer))
                .values()
                .stream()
                .sorted(Turn.ORDER)
                .toList();
    }

    private static Turn newer(Turn one, Turn other) {
        return other.revision() > one.revision() ? other : one;
    }

    private void addPage(List<Turn> turns, PageKey key, long write) {
        StoredPage page =
                pages.computeIfAbsent(
                        new PageAt(key, history.lastWriteTo(key.itemIn(id), write)), this::page);
        turns.addAll(page.turns());
        for (int split = page.splits(); split > 0; split--) {
            addPage(turns, key.split(split), write);
        }
    }

    private StoredPage page(PageAt at) {
        return PageItem.page(history.itemAt(at.key().itemIn(id), at.write()), at.key())
                .map(page -> new StoredPage(page.turns().turns(), page.splits()))
                .orElseGet(() -> new StoredPage(List.of(), 0));
    }

    /** Writes the next batch, if there is one and none is under way. */
    CompletableFuture<?> write() {
        if (isComplete() || !underWay.isDone()) {
            return CompletableFuture.completedFuture(null);
        }
        int writer = random.nextInt(WRITERS);
        int end = Math.min(events.size(), next + 1 + random.nextInt(4));
        underWay =
                writers.get(writer)
                        .apply(id, events.subList(next, end))
                        .subscribeAsCompletionStage()
                        .handle((done, failure) -> isWritten(failure, writer))
                        .thenAccept(written -> next = written ? end : next)
                        .thenCompose(done -> history.settled())
                        .toCompletableFuture();
        return underWay;
    }

    /** What is under way has ended. */
    void settle() {
        underWay.join();
    }

    private boolean isWritten(Throwable failure, int writer) {
        if (failure == null) {
            return true;
        }
        Throwable cause = DynamoDbFailures.cause(failure);
        if (!CrashingDynamoDb.isCrash(cause)) {
            throw new CompletionException(cause);
        }
        writers.set(writer, newWriter());
        return false;
    }

    /** Turns mostly in order, some late, some revised, some twice; now and then a deletion. */
    private List<SessionEvent> events() {
        List<SessionEvent> made = new ArrayList<>();
        boolean deletions = random.nextInt(3) > 0;
        int turns = 20 + random.nextInt(50);
        for (int now = 0; now < turns; now++) {
            made.add(turn(now, 0));
            int other = now - random.nextInt(30);
            switch (random.nextInt(12)) {
                case 0, 1 -> made.add(turn(other, 1 + random.nextInt(2)));
                case 2 -> made.add(late(other));
                case 3 -> made.add(made.get(random.nextInt(made.size())));
                case 4 -> addDeletion(made, deletions, other);
                case 5 -> made.add(event(id).at(now).ended());
                default -> {}
            }
        }
        return made;
    }

    private void addDeletion(List<SessionEvent> made, boolean deletions, int other) {
        if (deletions) {
            made.add(event(id).at(random.nextInt(4) == 0 ? other + 100 : other).deleted());
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
                .turn(name + second, noise(second, second % 13 == 0 ? 600 : 60) + revision);
    }

    private static String noise(int seed, int length) {
        StringBuilder noise = new StringBuilder();
        new Random(seed).ints(length, 'a', 'z').forEach(letter -> noise.append((char) letter));
        return noise.toString();
    }
}
