package dev.parley.dynamodb;

import dev.parley.session.Outcome;
import dev.parley.session.SessionEvent;
import dev.parley.session.SessionEvent.SessionDeleted;
import dev.parley.session.SessionEvent.TurnRecorded;
import dev.parley.session.SessionStoreException;
import dev.parley.session.Turn;
import io.smallrye.mutiny.Uni;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * One call of the writer: plans and writes, step by step, until every event has its outcome. Nearly
 * always that is one step. Deletions come first, then all that needs the head alone, then the turns
 * that may be in a page, page by page; the order makes no difference to the result.
 *
 * <p>Each write is on the version of the head that its plan was made from. If someone else was
 * faster, DynamoDB gives back what is stored now and the plan is made again from that. If the
 * answer to a write is lost, the very same write is asked for again, here or by the SDK: what it
 * then meets is either what it was made from, or its own work.
 */
final class SessionWrite {

    /** Two consumers can meet for a moment; more lost races than this are no coincidence. */
    private static final int MAX_CONFLICTS = 50;

    private final String sessionId;
    private final List<SessionEvent> events;
    private final @Nullable Outcome[] outcomes;
    private final Set<String> inNoPage = new HashSet<>();
    private final DynamoDb dynamoDb;
    private final PageStore pages;
    private final SessionPlanner planner;
    private final HeadItems items;
    private final Clock clock;
    private @Nullable HeadWrite unanswered;
    private int conflicts;

    /**
     * A write of the head whose pages, if it has new ones, are in their place.
     *
     * @param indexes of the events that it settles
     */
    private record HeadWrite(Plan plan, List<Integer> indexes, Supplier<Uni<DynamoDb.Write>> ask) {}

    SessionWrite(
            String sessionId,
            List<SessionEvent> events,
            DynamoDb dynamoDb,
            PageStore pages,
            SessionPlanner planner,
            HeadItems items,
            Clock clock) {
        this.sessionId = sessionId;
        this.events = List.copyOf(events);
        this.outcomes = new Outcome[events.size()];
        this.dynamoDb = dynamoDb;
        this.pages = pages;
        this.planner = planner;
        this.items = items;
        this.clock = clock;
    }

    /** What became of each event, once {@link #run} has completed. */
    List<Outcome> outcomes() {
        return Arrays.stream(outcomes).map(Objects::requireNonNull).toList();
    }

    /**
     * Settles all events; gives back the head as it then is stored. After a failure it may be run
     * again: it goes on where it was.
     */
    Uni<SessionHead> run(Supplier<Uni<SessionHead>> stored) {
        inNoPage.clear();
        HeadWrite asked = unanswered;
        return (asked == null ? stored.get() : ask(asked)).chain(this::run);
    }

    private Uni<SessionHead> run(SessionHead head) {
        Integer erasingFrom = head.pages().erasingFrom();
        if (erasingFrom != null) {
            return finishErasure(head, erasingFrom).chain(this::run);
        }
        List<Integer> open = open();
        if (open.isEmpty()) {
            return Uni.createFrom().item(head);
        }
        Optional<Integer> deletion =
                open.stream()
                        .filter(i -> events.get(i) instanceof SessionDeleted)
                        .max(Comparator.comparing(i -> events.get(i).occurredAt()));
        return deletion.map(i -> erase(head, i)).orElseGet(() -> plan(head, open)).chain(this::run);
    }

    private List<Integer> open() {
        List<Integer> open = new ArrayList<>();
        for (int i = 0; i < outcomes.length; i++) {
            if (outcomes[i] == null) {
                open.add(i);
            }
        }
        return open;
    }

    private Uni<SessionHead> plan(SessionHead head, List<Integer> open) {
        Plan plan = planner.plan(head, eventsOf(open), inNoPage, now());
        return plan.settlesAny() ? commit(head, plan, open) : late(head, open);
    }

    private Uni<SessionHead> late(SessionHead head, List<Integer> open) {
        Turn first =
                open.stream()
                        .map(i -> ((TurnRecorded) events.get(i)).turn())
                        .min(Turn.ORDER)
                        .orElseThrow();
        return pages.locate(sessionId, head.pages(), TurnPosition.of(first))
                .chain(
                        located -> {
                            if (located.isEmpty()) {
                                inNoPage.add(first.id());
                                return Uni.createFrom().item(head);
                            }
                            Plan plan = planner.late(head, located, eventsOf(open), now());
                            return commit(head, plan, open);
                        });
    }

    private Uni<SessionHead> erase(SessionHead head, int index) {
        SessionDeleted deletion = (SessionDeleted) events.get(index);
        boolean leavesSome = !head.pages().isEmpty() && head.hasSealedAfter(deletion.occurredAt());
        Uni<List<Turn>> left =
                leavesSome
                        ? pages.turnsAfter(sessionId, head.pages(), deletion.occurredAt())
                        : Uni.createFrom().item(List.of());
        return left.chain(
                turns -> commit(head, planner.erase(head, deletion, turns, now()), List.of(index)));
    }

    /** The head says since when they are gone; now they go. */
    private Uni<SessionHead> finishErasure(SessionHead head, int from) {
        SessionHead done = head.with(head.version() + 1, head.pages().erased());
        return pages.erase(sessionId, from, head.pages().first())
                .chain(() -> dynamoDb.update(difference(head, done)))
                .chain(write -> headAfter(write, done));
    }

    private Uni<SessionHead> commit(SessionHead head, Plan plan, List<Integer> indexes) {
        if (!plan.changes()) {
            settle(plan, indexes);
            return Uni.createFrom().item(head);
        }
        if (plan.recount()) {
            return pages.count(sessionId, head.pages(), plan)
                    .chain(counters -> commit(head, plan.with(counters), indexes));
        }
        inNoPage.clear();
        HeadWrite write = new HeadWrite(plan, indexes, request(head, plan));
        if (plan.pages().isEmpty() || plan.together()) {
            return ask(write);
        }
        return seal(PageItem.changes(sessionId, plan), head.version())
                .chain(
                        put ->
                                put instanceof DynamoDb.Write.Done
                                        ? ask(write)
                                        : fence(head).chain(fence -> after(fence, plan)));
    }

    private Supplier<Uni<DynamoDb.Write>> request(SessionHead head, Plan plan) {
        UpdateExpression update = difference(head, plan.head());
        if (!plan.together()) {
            return () -> dynamoDb.update(update);
        }
        List<PageItem.Change> changes = PageItem.changes(sessionId, plan);
        String token = UUID.randomUUID().toString();
        return () -> dynamoDb.update(update, changes, token);
    }

    private Uni<SessionHead> ask(HeadWrite write) {
        unanswered = write;
        return write.ask()
                .get()
                .chain(
                        answer -> {
                            unanswered = null;
                            boolean done = isDone(answer, write.plan());
                            if (done) {
                                settle(write.plan(), write.indexes());
                            }
                            return after(done ? DynamoDb.DONE : answer, write.plan());
                        });
    }

    /**
     * Whether the head that stands in the way is the one that was to be written: then it was
     * written before, and only the answer was lost. It says nothing of pages that change with it;
     * such a write has a token instead, by which DynamoDB knows it again.
     */
    private boolean isDone(DynamoDb.Write answer, Plan plan) {
        return switch (answer) {
            case DynamoDb.Write.Done done -> true;
            case DynamoDb.Write.Conflict conflict ->
                    !plan.together()
                            && conflict.found() != null
                            && items.toItem(sessionId, HeadItems.toHead(conflict.found()))
                                    .equals(items.toItem(sessionId, plan.head()));
        };
    }

    private Uni<SessionHead> after(DynamoDb.Write write, Plan plan) {
        return headAfter(write, plan.head()).call(now -> removeOrphans(plan, now));
    }

    private void settle(Plan plan, List<Integer> indexes) {
        for (int i = 0; i < indexes.size(); i++) {
            outcomes[indexes.get(i)] = plan.outcomes().get(i);
        }
    }

    /** One after the other: a conflict with the first leaves nothing behind. */
    private Uni<DynamoDb.Write> seal(List<PageItem.Change> left, long version) {
        Uni<DynamoDb.Write> first = dynamoDb.seal(left.getFirst(), version, now());
        return left.size() == 1
                ? first
                : first.chain(
                        write ->
                                write instanceof DynamoDb.Write.Done
                                        ? seal(left.subList(1, left.size()), version)
                                        : Uni.createFrom().item(write));
    }

    /**
     * A page of a later version stands in the way. Either the head has moved on, which the conflict
     * will show; or someone died between page and head, and raising the head's version makes it
     * certain that they, or a request of theirs that is still under way, can't come back.
     */
    private Uni<DynamoDb.Write> fence(SessionHead head) {
        SessionHead raised = head.with(head.version() + 1, head.pages());
        return dynamoDb.update(difference(head, raised))
                .map(
                        write ->
                                write instanceof DynamoDb.Write.Done
                                        ? new DynamoDb.Write.Conflict(null)
                                        : write);
    }

    private UpdateExpression difference(SessionHead before, SessionHead after) {
        return UpdateExpression.between(
                before.version() == 0 ? Map.of() : items.toItem(sessionId, before),
                items.toItem(sessionId, after));
    }

    /** The head that is stored after a write to it. */
    private Uni<SessionHead> headAfter(DynamoDb.Write write, SessionHead after) {
        return switch (write) {
            case DynamoDb.Write.Done done -> Uni.createFrom().item(after);
            case DynamoDb.Write.Conflict conflict -> {
                Map<String, AttributeValue> found = conflict.found();
                if (++conflicts > MAX_CONFLICTS) {
                    yield Uni.createFrom()
                            .failure(
                                    () ->
                                            new SessionStoreException.Unavailable(
                                                    "lost the race for the session too often"));
                }
                yield found == null
                        ? dynamoDb.get(sessionId, true).map(HeadItems::toHead)
                        : Uni.createFrom().item(HeadItems.toHead(found));
            }
        };
    }

    /** A page that was put for a head that was erased meanwhile must not stay behind. */
    private Uni<Void> removeOrphans(Plan plan, SessionHead now) {
        List<String> orphans =
                plan.pages().keySet().stream()
                        .filter(key -> key.number() < now.pages().first())
                        .map(key -> key.itemIn(sessionId))
                        .distinct()
                        .toList();
        return orphans.isEmpty() ? Uni.createFrom().voidItem() : dynamoDb.deleteAll(orphans);
    }

    private List<SessionEvent> eventsOf(List<Integer> indexes) {
        return indexes.stream().map(events::get).toList();
    }

    private Instant now() {
        return clock.instant();
    }
}
