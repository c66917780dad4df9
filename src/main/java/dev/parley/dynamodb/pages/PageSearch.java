package dev.parley.dynamodb.pages;

import dev.parley.dynamodb.client.DynamoDb;
import dev.parley.dynamodb.layout.PageItem;
import dev.parley.dynamodb.layout.PageKey;
import dev.parley.dynamodb.layout.SessionHead;
import dev.parley.dynamodb.layout.SessionHead.PageRange;
import dev.parley.dynamodb.layout.StoredPage;
import dev.parley.dynamodb.layout.TargetPage;
import dev.parley.dynamodb.layout.TurnPosition;
import io.smallrye.mutiny.Uni;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Finds the pages of turns. The pages of a session do not overlap in time, so a search reads about
 * log₂ of their number.
 */
public final class PageSearch {

    private final DynamoDb dynamoDb;

    public PageSearch(DynamoDb dynamoDb) {
        this.dynamoDb = dynamoDb;
    }

    /**
     * Finds the page that contains the turn with the given position, if any page does.
     *
     * @return the page; empty if the position is after all pages. If the page does not contain the
     *     turn, the turn belongs there
     */
    public Uni<Optional<TargetPage>> locate(
            String sessionId, SessionHead head, TurnPosition position) {
        return locate(new Wanted(sessionId, position), head);
    }

    private Uni<Optional<TargetPage>> locate(Wanted wanted, SessionHead head) {
        PageRange range = head.pages();
        int items = PageKey.nextItem(range.next() - range.first()) / PageKey.STEP;
        Search search =
                new Search(
                        wanted,
                        items,
                        i -> range.pagesIn(range.first() + i * PageKey.STEP),
                        head.endOfPages());
        return search.run()
                .chain(
                        found -> {
                            StoredPage page = found.page();
                            if (page == null) {
                                return Uni.createFrom()
                                        .item(
                                                Optional.ofNullable(found.next())
                                                        .map(next -> ending(next, head))
                                                        .map(TargetPage::before));
                            }
                            return descend(wanted, List.of(page), found.until());
                        });
    }

    /** Returns the page; if it is the newest one, it ends where the head states. */
    private static StoredPage ending(StoredPage page, SessionHead head) {
        return page.key().number() >= head.pages().newestItem()
                ? page.endingBefore(head.endOfPages())
                : page;
    }

    /**
     * Returns the number of the page for the given moment; if the moment is after all pages, the
     * number that the tail will get.
     *
     * @param missing decides whether pages that the head refers to may be missing
     */
    public Uni<Integer> numberOfPageAt(
            String sessionId, SessionHead head, Instant moment, PageWalk.MissingPage missing) {
        if (head.pages().isEmpty() || head.tailBeginsBefore(moment)) {
            return Uni.createFrom().item(head.pages().next());
        }
        Wanted wanted = new Wanted(sessionId, TurnPosition.startOf(moment));
        return locate(wanted, head)
                .call(
                        target ->
                                wanted.readMissingItem
                                        ? missing.accept()
                                        : Uni.createFrom().voidItem())
                .map(
                        target ->
                                target.map(found -> found.path().getFirst().key().number())
                                        .orElse(head.pages().next()));
    }

    /**
     * The position that is searched for, and whether the search read an item that does not exist.
     */
    private static final class Wanted {
        private final String sessionId;
        private final TurnPosition position;
        private boolean readMissingItem;

        Wanted(String sessionId, TurnPosition position) {
            this.sessionId = sessionId;
            this.position = position;
        }
    }

    private Uni<Optional<TargetPage>> descend(
            Wanted wanted, List<StoredPage> path, @Nullable TurnPosition next) {
        StoredPage parent = path.getLast();
        int splits = parent.page().splits();
        Search search =
                new Search(wanted, splits, i -> List.of(parent.key().split(splits - i)), null);
        return search.run()
                .chain(
                        found -> {
                            TurnPosition until = found.until() == null ? next : found.until();
                            StoredPage split = found.page();
                            if (split == null) {
                                return Uni.createFrom()
                                        .item(targetUnlessAfterAll(wanted, path, until));
                            }
                            List<StoredPage> deeper = new ArrayList<>(path);
                            deeper.add(split);
                            return descend(wanted, deeper, until);
                        });
    }

    private static Optional<TargetPage> targetUnlessAfterAll(
            Wanted wanted, List<StoredPage> path, @Nullable TurnPosition until) {
        TurnPosition last = path.getLast().page().turns().last();
        return until == null && wanted.position.isAfter(last)
                ? Optional.empty()
                : Optional.of(TargetPage.within(path, until));
    }

    /**
     * The result of a search.
     *
     * @param page the last page that begins at or before the position; null if there is none
     * @param next the first existing page, if none begins at or before the position
     * @param until the beginning of the first page after the position; null if there is none
     */
    private record Found(
            @Nullable StoredPage page, @Nullable StoredPage next, @Nullable TurnPosition until) {}

    /** A binary search over consecutive items of pages. It reads the last item first. */
    private final class Search {
        private final Wanted wanted;
        private final IntFunction<List<PageKey>> items;
        private final @Nullable TurnPosition end;
        private int low;
        private int high;
        private boolean started;
        private @Nullable StoredPage page;
        private @Nullable StoredPage next;
        private @Nullable TurnPosition until;

        /**
         * Creates a search.
         *
         * @param end where the last of these pages ends; null if that is not known
         */
        Search(
                Wanted wanted,
                int count,
                IntFunction<List<PageKey>> items,
                @Nullable TurnPosition end) {
            this.wanted = wanted;
            this.items = items;
            this.end = end;
            this.high = count - 1;
        }

        Uni<Found> run() {
            if (low > high) {
                StoredPage found = page;
                StoredPage whole =
                        found == null ? null : found.endingBefore(until == null ? end : until);
                return Uni.createFrom().item(new Found(whole, next, until));
            }
            int probe = started ? (low + high) >>> 1 : high;
            started = true;
            List<PageKey> keys = items.apply(probe);
            return dynamoDb.get(keys.getFirst().itemKey(wanted.sessionId), true)
                    .chain(
                            item -> {
                                compare(probe, StoredPage.in(item, keys));
                                return run();
                            });
        }

        /**
         * Processes the pages of an item. An item that does not exist has expired; the wanted turn
         * has not, so it is after that item.
         */
        private void compare(int probe, List<StoredPage> found) {
            wanted.readMissingItem |= found.isEmpty();
            if (!found.isEmpty() && isAfterPosition(found.getFirst())) {
                next = found.getFirst();
                noteLaterPage(next);
                high = probe - 1;
                return;
            }
            low = probe + 1;
            for (StoredPage each : found) {
                if (isAfterPosition(each)) {
                    noteLaterPage(each);
                    low = high + 1;
                    return;
                }
                page = each;
            }
        }

        private void noteLaterPage(StoredPage each) {
            TurnPosition begins = beginning(each);
            until = until == null || until.isAfter(begins) ? begins : until;
        }

        private boolean isAfterPosition(StoredPage each) {
            return beginning(each).isAfter(wanted.position);
        }

        private static TurnPosition beginning(StoredPage each) {
            return each.page().turns().first();
        }
    }

    /**
     * Returns the beginning of the first page in an item; empty if the page does not exist.
     *
     * @param number the number of that page
     */
    public Uni<Optional<TurnPosition>> beginningOfItem(String sessionId, int number) {
        PageKey key = PageKey.of(number);
        return dynamoDb.get(key.itemKey(sessionId), true)
                .map(item -> PageItem.page(item, key).map(page -> page.turns().first()));
    }
}
