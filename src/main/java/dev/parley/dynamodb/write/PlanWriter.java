package dev.parley.dynamodb.write;

import dev.parley.dynamodb.client.DynamoDb;
import dev.parley.dynamodb.client.ItemUpdate;
import dev.parley.dynamodb.client.WriteResult;
import dev.parley.dynamodb.layout.FormerStarts;
import dev.parley.dynamodb.layout.HeadItems;
import dev.parley.dynamodb.layout.ItemChange;
import dev.parley.dynamodb.layout.PageItem;
import dev.parley.dynamodb.layout.PageKey;
import dev.parley.dynamodb.layout.ProfileItem;
import dev.parley.dynamodb.layout.SessionHead;
import dev.parley.dynamodb.layout.TextPart;
import dev.parley.dynamodb.plan.Plan;
import dev.parley.session.Outcome;
import dev.parley.session.SessionStoreException;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Writes the plans of one call of the writer, one after the other. The parts of large turns, pages
 * into which turns are sealed, or a page to which waiting turns are moved, are written first. The
 * head follows, on the condition that the stored version is the one that the plan was made from.
 * Other pages, and the item of the profile, are written in one transaction with the head.
 *
 * <p>If another writer was faster, DynamoDB returns what is stored now, and the caller makes a new
 * plan from it. If the response to a write of the head is lost, the same write can be repeated with
 * {@link #repeatUnanswered}. It then finds either the head that it was made from, or its own
 * result.
 */
public final class PlanWriter {

    /**
     * The maximum number of conflicts. Two consumers may write one session for a moment, but more
     * conflicts than this are not a coincidence.
     */
    private static final int MAX_CONFLICTS = 50;

    private final String sessionId;
    private final DynamoDb dynamoDb;
    private final HeadItems items;
    private final Clock clock;
    private @Nullable HeadWrite unanswered;
    private int conflicts;

    public PlanWriter(String sessionId, DynamoDb dynamoDb, HeadItems items, Clock clock) {
        this.sessionId = sessionId;
        this.dynamoDb = dynamoDb;
        this.items = items;
        this.clock = clock;
    }

    /**
     * The result of a plan.
     *
     * @param done the outcomes that the plan settled; empty if it was not written
     * @param head the head that is stored now
     */
    record Written(Map<Integer, Outcome> done, SessionHead head) {}

    /** A write of the head. If its pages are written before it, they are already stored. */
    private record HeadWrite(Plan plan, Supplier<Uni<WriteResult>> request) {}

    /** Repeats the write of the head whose response has not arrived; empty if there is none. */
    Optional<Uni<Written>> repeatUnanswered() {
        return Optional.ofNullable(unanswered).map(this::send);
    }

    Uni<Written> write(SessionHead head, Plan planned) {
        // Moves are compared with the times of list reads, so they get the current time.
        Plan plan =
                planned.with(
                        FormerStarts.between(head, planned.head(), Clock.systemUTC().instant()));
        return writeInOrder(beforeHead(head, plan))
                .chain(
                        written ->
                                written instanceof WriteResult.Done
                                        ? send(head, plan)
                                        : fence(head).chain(fence -> written(fence, plan)));
    }

    /** Writes the pages of a plan whose head is written later. */
    Uni<WriteResult> writePages(SessionHead head, Plan plan) {
        return writeInOrder(beforeHead(head, plan));
    }

    /** Returns the writes of all items that are written before the head. */
    private List<Supplier<Uni<WriteResult>>> beforeHead(SessionHead head, Plan plan) {
        List<Supplier<Uni<WriteResult>>> writes = new ArrayList<>();
        for (TextPart part : plan.parts()) {
            ItemChange change = part.change(sessionId, plan.head().version());
            writes.add(() -> dynamoDb.seal(change, head.version(), clock.instant()));
        }
        if (plan.mode() != Plan.WriteMode.AMEND) {
            for (ItemChange change : changes(plan)) {
                writes.add(
                        plan.mode() == Plan.WriteMode.SEAL
                                ? () -> dynamoDb.seal(change, head.version(), clock.instant())
                                : () ->
                                        dynamoDb.update(
                                                ItemUpdate.changing(change, head.version())));
            }
        }
        return writes;
    }

    /**
     * Makes writes one after the other, so that a conflict with the first one leaves nothing
     * behind.
     */
    private static Uni<WriteResult> writeInOrder(List<Supplier<Uni<WriteResult>>> writes) {
        Uni<WriteResult> result = Uni.createFrom().item(WriteResult.DONE);
        for (Supplier<Uni<WriteResult>> write : writes) {
            result =
                    result.chain(
                            former ->
                                    former instanceof WriteResult.Done
                                            ? write.get()
                                            : Uni.createFrom().item(former));
        }
        return result;
    }

    private List<ItemChange> changes(Plan plan) {
        return PageItem.changes(sessionId, plan.pages(), plan.head().version());
    }

    /**
     * Returns the current head, after pages with a later version than that of the given head were
     * found. It writes a fence first.
     */
    Uni<SessionHead> latest(SessionHead head) {
        return fence(head).chain(fence -> headAfter(fence, head));
    }

    /** Writes a head alone, and returns the head that is stored afterwards. */
    Uni<SessionHead> write(SessionHead head, SessionHead next) {
        return dynamoDb.update(difference(head, next)).chain(write -> headAfter(write, next));
    }

    private Supplier<Uni<WriteResult>> request(SessionHead head, Plan plan) {
        ItemUpdate update = difference(head, plan.head());
        List<ItemChange> changes = together(plan);
        if (changes.isEmpty()) {
            return () -> dynamoDb.update(update);
        }
        String token = UUID.randomUUID().toString();
        return () -> dynamoDb.update(update, changes, token);
    }

    private Uni<Written> send(SessionHead head, Plan plan) {
        return send(new HeadWrite(plan, request(head, plan)));
    }

    private Uni<Written> send(HeadWrite write) {
        unanswered = write;
        return write.request()
                .get()
                .invoke(answer -> unanswered = null)
                .chain(
                        answer ->
                                written(
                                        isOwnWrite(answer, write.plan())
                                                ? WriteResult.DONE
                                                : answer,
                                        write.plan()));
    }

    /**
     * Returns whether the head that caused the conflict is the one that was to be written. Then it
     * was written before, and only the response was lost. This shows nothing about pages that
     * change in the same transaction, or about the item of the profile. Such a write has a token
     * instead, by which DynamoDB recognizes its repetition.
     */
    private boolean isOwnWrite(WriteResult answer, Plan plan) {
        return answer instanceof WriteResult.Conflict conflict
                && together(plan).isEmpty()
                && conflict.found() != null
                && items.toItem(sessionId, HeadItems.toHead(conflict.found()))
                        .equals(items.toItem(sessionId, plan.head()));
    }

    private Uni<Written> written(WriteResult write, Plan plan) {
        return headAfter(write, plan.head())
                .call(now -> emptyOrphans(plan, now))
                .call(now -> emptyObsolete(write, plan))
                .map(
                        now ->
                                new Written(
                                        write instanceof WriteResult.Done
                                                ? plan.outcomes()
                                                : Map.of(),
                                        now));
    }

    /** Returns what is written in one transaction with the head. */
    private List<ItemChange> together(Plan plan) {
        List<ItemChange> changes = new ArrayList<>();
        if (plan.mode() == Plan.WriteMode.AMEND) {
            changes.addAll(changes(plan));
        }
        ProfileItem.change(sessionId, plan.head()).ifPresent(changes::add);
        return changes;
    }

    /**
     * Writes a fence, because a page of a later version was found. Either the head has changed
     * meanwhile, and the conflict returns it. Or a writer crashed after it wrote the page and
     * before it wrote the head. A higher version of the head then makes sure that this writer, or a
     * request of it that is still in progress, can't write any more.
     */
    private Uni<WriteResult> fence(SessionHead head) {
        SessionHead raised = head.with(head.version() + 1, head.pages());
        return dynamoDb.update(difference(head, raised))
                .map(
                        write ->
                                write instanceof WriteResult.Done
                                        ? new WriteResult.Conflict(null)
                                        : write);
    }

    private ItemUpdate difference(SessionHead before, SessionHead after) {
        return ItemUpdate.between(
                before.version() == 0 ? Map.of() : items.toItem(sessionId, before),
                items.toItem(sessionId, after));
    }

    /** Returns the head that is stored after a write to it. */
    private Uni<SessionHead> headAfter(WriteResult write, SessionHead after) {
        return switch (write) {
            case WriteResult.Done done -> Uni.createFrom().item(after);
            case WriteResult.Conflict conflict -> {
                Map<String, AttributeValue> found = conflict.found();
                if (++conflicts > MAX_CONFLICTS) {
                    conflicts = 0;
                    yield Uni.createFrom()
                            .failure(
                                    () ->
                                            new SessionStoreException.Unavailable(
                                                    "other writers changed the session before each attempt to write it"));
                }
                yield found == null
                        ? dynamoDb.get(sessionId, true).map(HeadItems::toHead)
                        : Uni.createFrom().item(HeadItems.toHead(found));
            }
        };
    }

    /**
     * Empties the parts of a turn that was revised. If that fails, its former text stays until the
     * turn expires or is deleted; no reader shows it.
     */
    private Uni<Void> emptyObsolete(WriteResult write, Plan plan) {
        if (plan.obsolete().isEmpty() || !(write instanceof WriteResult.Done)) {
            return Uni.createFrom().voidItem();
        }
        List<String> keys =
                plan.obsolete().stream()
                        .flatMap(parts -> TextPart.keys(sessionId, parts).stream())
                        .toList();
        return emptyAll(keys, plan.head().version())
                .onFailure(SessionStoreException.class)
                .recoverWithNull();
    }

    /** Empties pages and parts that were written for a head that has been erased meanwhile. */
    private Uni<Void> emptyOrphans(Plan plan, SessionHead now) {
        boolean erased = !Objects.equals(now.deletedAt(), plan.head().deletedAt());
        List<String> orphans =
                Stream.concat(
                                newPages(plan)
                                        .filter(key -> isOrphan(key, erased, now.pages()))
                                        .map(key -> key.itemKey(sessionId))
                                        .distinct(),
                                plan.parts().stream()
                                        .filter(
                                                part ->
                                                        erased
                                                                && part.number()
                                                                        >= now.parts().next())
                                        .map(part -> TextPart.key(sessionId, part.number())))
                        .toList();
        return orphans.isEmpty()
                ? Uni.createFrom().voidItem()
                : emptyAll(orphans, plan.head().version());
    }

    private Uni<Void> emptyAll(List<String> keys, long version) {
        return Multi.createFrom()
                .iterable(keys)
                .onItem()
                .transformToUni(key -> dynamoDb.empty(key, version))
                .merge(DynamoDb.CONCURRENCY)
                .collect()
                .asList()
                .replaceWithVoid();
    }

    private static Stream<PageKey> newPages(Plan plan) {
        return plan.mode() == Plan.WriteMode.SEAL ? plan.pages().keySet().stream() : Stream.empty();
    }

    /**
     * Returns whether the new page belongs to no head. An item that the stored head refers to
     * contains the pages of that head, because no other plan can have written it.
     */
    private static boolean isOrphan(PageKey page, boolean erased, SessionHead.PageRange now) {
        return page.number() < now.first()
                || (erased && page.number() >= PageKey.nextItem(now.next()));
    }
}
