package dev.parley.dynamodb.read;

import dev.parley.dynamodb.layout.SessionHead;
import dev.parley.dynamodb.layout.VisibleHead;
import dev.parley.dynamodb.pages.PageWalk;
import io.smallrye.mutiny.Uni;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A head in hand and the way to the head as it is now. A page that is not there has expired or was
 * erased, and the page itself doesn't say which: the head does, when it is read after the page. An
 * erasure moves the first page, an expiry leaves it.
 *
 * @param latest reads the head as it is now, consistently; empty if there is no session any more
 */
public record HeadCheck(SessionHead head, Supplier<Uni<Optional<VisibleHead>>> latest)
        implements PageWalk.MissingPage {

    @Override
    public Uni<Void> accept() {
        return latest.get()
                .chain(
                        now ->
                                now.filter(this::hasTheSamePages).isPresent()
                                        ? Uni.createFrom().voidItem()
                                        : Uni.createFrom().failure(() -> new OutdatedHead(now)));
    }

    /** A lower version is that of another life: DynamoDB has removed the head in between. */
    private boolean hasTheSamePages(VisibleHead now) {
        return now.head().version() >= head.version()
                && now.head().pages().first() == head.pages().first();
    }
}
