package dev.parley.dynamodb.read;

import dev.parley.dynamodb.layout.SessionHead;
import dev.parley.dynamodb.layout.VisibleHead;
import dev.parley.dynamodb.pages.PageWalk;
import io.smallrye.mutiny.Uni;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Checks whether a page that does not exist has expired or was erased. The page itself does not
 * show which; the head shows it, if it is read after the page. An erasure changes the number of the
 * first page, and an expiry does not.
 *
 * @param head the head that the pages are read for
 * @param latest reads the current head with a consistent read; empty if there is no session any
 *     more
 */
public record MissingPageCheck(SessionHead head, Supplier<Uni<Optional<VisibleHead>>> latest)
        implements PageWalk.MissingPage {

    @Override
    public Uni<Void> accept() {
        return latest.get()
                .chain(
                        current ->
                                current.filter(this::hasTheSamePages).isPresent()
                                        ? Uni.createFrom().voidItem()
                                        : Uni.createFrom()
                                                .failure(() -> new OutdatedHead(current)));
    }

    /**
     * Returns whether the current head refers to the same pages. A lower version is that of another
     * life of the session: DynamoDB has deleted the head in between.
     */
    private boolean hasTheSamePages(VisibleHead current) {
        return current.head().version() >= head.version()
                && current.head().pages().first() == head.pages().first();
    }
}
