package dev.parley.dynamodb.write;

import dev.parley.dynamodb.client.DynamoDb;
import dev.parley.dynamodb.client.UpdateExpression;
import dev.parley.dynamodb.layout.HeadItems;
import dev.parley.dynamodb.layout.PageItem;
import dev.parley.dynamodb.layout.PageKey;
import dev.parley.dynamodb.layout.SessionHead;
import dev.parley.dynamodb.layout.StartMoves;
import dev.parley.dynamodb.plan.Plan;
import dev.parley.session.Outcome;
import dev.parley.session.SessionStoreException;
import io.smallrye.mutiny.Uni;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Carries out the plans of one call of the writer, one after the other: new pages first, or a page
 * that takes over turns of the head, then the head on the version that the plan was made from; or
 * pages and head together.
 *
 * <p>If someone else was faster, DynamoDB gives back what is stored now, to plan again from. If the
 * answer to a write of the head is lost, the very same write can be asked for {@link #again}: what
 * it then meets is either what it was made from, or its own work.
 */
public final class HeadWriter {

    /** Two consumers can meet for a moment; more lost races than this are no coincidence. */
    private static final int MAX_CONFLICTS = 50;

    private final String sessionId;
    private final DynamoDb dynamoDb;
    private final HeadItems items;
    private final Clock clock;
    private @Nullable Asked unanswered;
    private int conflicts;

    public HeadWriter(String sessionId, DynamoDb dynamoDb, HeadItems items, Clock clock) {
        this.sessionId = sessionId;
        this.dynamoDb = dynamoDb;
        this.items = items;
        this.clock = clock;
    }

    /**
     * What came of a plan.
     *
     * @param done what it settled: nothing, if it was not carried out
     * @param head as it is stored now
     */
    record Written(Map<Integer, Outcome> done, SessionHead head) {}

    /** A write of the head whose pages, if it has any before it, are in their place. */
    private record Asked(Plan plan, Supplier<Uni<DynamoDb.Write>> request) {}

    /** Asks for the write of the head again whose answer has not come, if there is one. */
    Optional<Uni<Written>> again() {
        return Optional.ofNullable(unanswered).map(this::ask);
    }

    Uni<Written> write(SessionHead head, Plan planned) {
        // Its order among reads of lists is what matters, so it isn't the time of the plan.
        Plan plan =
                planned.with(StartMoves.between(head, planned.head(), Clock.systemUTC().instant()));
        if (plan.pages().isEmpty() || isTogether(plan)) {
            return ask(head, plan);
        }
        return put(head, plan)
                .chain(
                        put ->
                                put instanceof DynamoDb.Write.Done(boolean replaced)
                                        ? ask(head, replaced ? plan.replacing() : plan)
                                        : fence(head).chain(fence -> written(fence, plan)));
    }

    /** Writes the pages of a plan whose head is to follow. */
    Uni<DynamoDb.Write> put(SessionHead head, Plan plan) {
        return put(changes(plan), plan.way(), head.version());
    }

    private List<PageItem.Change> changes(Plan plan) {
        return PageItem.changes(sessionId, plan.pages(), plan.vacant(), plan.head().version());
    }

    /** The head as it is now, once pages of that one met those of a later version. */
    Uni<SessionHead> latest(SessionHead head) {
        return fence(head).chain(fence -> headAfter(fence, head));
    }

    /** Writes a head alone; gives back the one that then is stored. */
    Uni<SessionHead> write(SessionHead head, SessionHead next) {
        return dynamoDb.update(difference(head, next)).chain(write -> headAfter(write, next));
    }

    private Supplier<Uni<DynamoDb.Write>> request(SessionHead head, Plan plan) {
        UpdateExpression update = difference(head, plan.head());
        if (!isTogether(plan)) {
            return () -> dynamoDb.update(update);
        }
        List<PageItem.Change> changes = changes(plan);
        String token = UUID.randomUUID().toString();
        return () -> dynamoDb.update(update, changes, token);
    }

    private Uni<Written> ask(SessionHead head, Plan plan) {
        return ask(new Asked(plan, request(head, plan)));
    }

    private Uni<Written> ask(Asked asked) {
        unanswered = asked;
        return asked.request()
                .get()
                .invoke(answer -> unanswered = null)
                .chain(
                        answer ->
                                written(
                                        isOwnWork(answer, asked.plan()) ? DynamoDb.DONE : answer,
                                        asked.plan()));
    }

    /**
     * Whether the head that stands in the way is the one that was to be written: then it was
     * written before, and only the answer was lost. It says nothing of pages that change with it;
     * such a write has a token instead, by which DynamoDB knows it again.
     */
    private boolean isOwnWork(DynamoDb.Write answer, Plan plan) {
        return answer instanceof DynamoDb.Write.Conflict conflict
                && !isTogether(plan)
                && conflict.found() != null
                && items.toItem(sessionId, HeadItems.toHead(conflict.found()))
                        .equals(items.toItem(sessionId, plan.head()));
    }

    private Uni<Written> written(DynamoDb.Write write, Plan plan) {
        return headAfter(write, plan.head())
                .call(now -> removeOrphans(plan, now))
                .map(
                        now ->
                                new Written(
                                        write instanceof DynamoDb.Write.Done
                                                ? plan.outcomes()
                                                : Map.of(),
                                        now));
    }

    private static boolean isTogether(Plan plan) {
        return plan.way() == Plan.Way.AMEND && !plan.pages().isEmpty();
    }

    /** One after the other: a conflict with the first leaves nothing behind. */
    private Uni<DynamoDb.Write> put(List<PageItem.Change> left, Plan.Way way, long version) {
        PageItem.Change change = left.getFirst();
        Uni<DynamoDb.Write> first =
                way == Plan.Way.SEAL
                        ? dynamoDb.seal(change, version, clock.instant())
                        : dynamoDb.update(UpdateExpression.moving(change.attributes(), version));
        return left.size() == 1
                ? first
                : first.chain(
                        write ->
                                write instanceof DynamoDb.Write.Done(boolean replaced)
                                        ? put(left.subList(1, left.size()), way, version)
                                                .map(rest -> also(replaced, rest))
                                        : Uni.createFrom().item(write));
    }

    private static DynamoDb.Write also(boolean replaced, DynamoDb.Write rest) {
        return rest instanceof DynamoDb.Write.Done(boolean others)
                ? new DynamoDb.Write.Done(replaced || others)
                : rest;
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
                    conflicts = 0;
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

    /** New pages that were put for a head that was erased meanwhile must not stay behind. */
    private Uni<Void> removeOrphans(Plan plan, SessionHead now) {
        boolean erased = !Objects.equals(now.deletedAt(), plan.head().deletedAt());
        if (plan.way() != Plan.Way.SEAL) {
            return Uni.createFrom().voidItem();
        }
        List<String> orphans =
                plan.pages().keySet().stream()
                        .filter(key -> isOrphan(key, erased, now.pages()))
                        .map(key -> key.itemIn(sessionId))
                        .distinct()
                        .toList();
        return orphans.isEmpty()
                ? Uni.createFrom().voidItem()
                : dynamoDb.deleteOrphans(orphans, plan.head().version());
    }

    /** An item that the head refers to is its own: nobody else's plan has come to be there. */
    private static boolean isOrphan(PageKey page, boolean erased, SessionHead.PageRange now) {
        return page.number() < now.first()
                || (erased && page.number() >= PageKey.nextItem(now.next()));
    }
}
