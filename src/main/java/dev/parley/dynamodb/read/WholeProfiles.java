package dev.parley.dynamodb.read;

import dev.parley.dynamodb.client.DynamoDb;
import dev.parley.dynamodb.layout.ProfileItem;
import dev.parley.dynamodb.layout.VisibleHead;
import dev.parley.session.SessionStoreException;
import io.smallrye.mutiny.Uni;
import java.util.Optional;
import java.util.function.Function;

/**
 * Reads the items of large profiles. Most heads contain the whole profile, and need no read.
 *
 * <p>A replica may have an old item or an old head. The versions show whether the two belong
 * together; if not, they are read again with consistent reads.
 */
public final class WholeProfiles {

    /** A session whose profile changes between so many pairs of reads is not read any more. */
    private static final int MAX_ATTEMPTS = 8;

    private final DynamoDb dynamoDb;
    private final Function<String, Uni<Optional<VisibleHead>>> latest;

    /**
     * @param latest reads the current head of a session with a consistent read
     */
    public WholeProfiles(DynamoDb dynamoDb, Function<String, Uni<Optional<VisibleHead>>> latest) {
        this.dynamoDb = dynamoDb;
        this.latest = latest;
    }

    /**
     * Returns the head with its whole profile, or a later one; empty if the session has been
     * deleted since.
     */
    public Uni<Optional<VisibleHead>> of(VisibleHead head) {
        return item(head, false)
                .chain(
                        item ->
                                head.with(item)
                                        .map(whole -> Uni.createFrom().item(Optional.of(whole)))
                                        .orElseGet(() -> consistently(head, MAX_ATTEMPTS)));
    }

    /**
     * Returns the head with its whole profile; fails with {@link OutdatedHead} if it has changed.
     */
    public Uni<VisibleHead> exactlyOf(VisibleHead head) {
        return of(head).map(
                        found ->
                                found.filter(
                                                whole ->
                                                        whole.head().version()
                                                                == head.head().version())
                                        .orElseThrow(() -> new OutdatedHead(found)));
    }

    private Uni<Optional<VisibleHead>> consistently(VisibleHead head, int attempts) {
        if (attempts == 0) {
            return Uni.createFrom()
                    .failure(
                            () ->
                                    new SessionStoreException.Unavailable(
                                            "the profile of the session changed between all reads"));
        }
        return item(head, true)
                .chain(
                        item ->
                                head.with(item)
                                        .map(whole -> Uni.createFrom().item(Optional.of(whole)))
                                        .orElseGet(() -> withLatest(head, item, attempts - 1)));
    }

    /** Continues with the current head, because the item does not belong to the given one. */
    private Uni<Optional<VisibleHead>> withLatest(
            VisibleHead head, Optional<ProfileItem.Known> item, int attempts) {
        return latest.apply(head.sessionId())
                .chain(
                        found -> {
                            if (found.isEmpty()) {
                                return Uni.createFrom().item(found);
                            }
                            VisibleHead current = found.get();
                            boolean expired =
                                    item.isEmpty()
                                            && current.head().version() == head.head().version();
                            return expired
                                    ? Uni.createFrom()
                                            .item(Optional.of(current.withoutProfileItem()))
                                    : current.with(item)
                                            .map(whole -> Uni.createFrom().item(Optional.of(whole)))
                                            .orElseGet(() -> consistently(current, attempts));
                        });
    }

    private Uni<Optional<ProfileItem.Known>> item(VisibleHead head, boolean consistent) {
        return head.head().profileItem() instanceof ProfileItem.Unread
                ? dynamoDb.get(ProfileItem.key(head.sessionId()), consistent).map(ProfileItem::of)
                : Uni.createFrom().item(Optional.empty());
    }
}
