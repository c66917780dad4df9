package dev.parley.dynamodb;

import dev.parley.dynamodb.PageStore.Located;
import dev.parley.dynamodb.SessionHead.PageRange;
import io.smallrye.mutiny.Uni;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Finds where turns stand in the pages of a session: those are disjoint in time, so a search over
 * them reads some log₂ of their number.
 */
final class PageSearch {

    private final DynamoDb dynamoDb;

    PageSearch(DynamoDb dynamoDb) {
        this.dynamoDb = dynamoDb;
    }

    /**
     * Finds the page where a turn of that position is, if any page has it.
     *
     * @return the page after those that it was split from; empty if the position is behind all
     *     pages. A turn that is not in the page belongs there
     */
    Uni<List<Located>> locate(String sessionId, PageRange range, TurnPosition position) {
        int items = PageKey.nextItem(range.next() - range.first()) / PageKey.IN_ITEM;
        Search search =
                new Search(
                        sessionId,
                        position,
                        items,
                        i -> pagesOfItem(range.first() + i * PageKey.IN_ITEM, range));
        return search.run()
                .chain(
                        found ->
                                found.page() == null
                                        ? Uni.createFrom().item(found.next())
                                        : descend(
                                                sessionId,
                                                position,
                                                List.of(found.page()),
                                                found.isLast()));
    }

    /**
     * The number of the page where a turn of that moment stands; behind all pages, the number that
     * the tail will get.
     */
    Uni<Integer> numberOfPageAt(String sessionId, SessionHead head, Instant moment) {
        if (head.pages().isEmpty() || head.tailBeginsBefore(moment)) {
            return Uni.createFrom().item(head.pages().next());
        }
        return locate(sessionId, head.pages(), TurnPosition.startOf(moment))
                .map(path -> path.isEmpty() ? head.pages().next() : path.getFirst().key().number());
    }

    private static List<PageKey> pagesOfItem(int first, PageRange range) {
        return IntStream.range(first, Math.min(first + PageKey.IN_ITEM, range.next()))
                .mapToObj(PageKey::of)
                .toList();
    }

    private Uni<List<Located>> descend(
            String sessionId, TurnPosition position, List<Located> path, boolean last) {
        Located parent = path.getLast();
        int splits = parent.page().splits();
        Search search =
                new Search(
                        sessionId, position, splits, i -> List.of(parent.key().split(splits - i)));
        return search.run()
                .chain(
                        found -> {
                            if (found.page() != null) {
                                List<Located> deeper = new ArrayList<>(path);
                                deeper.add(found.page());
                                return descend(sessionId, position, deeper, last && found.isLast());
                            }
                            boolean behindAll =
                                    last
                                            && splits == 0
                                            && position.isAfter(parent.page().turns().last());
                            return Uni.createFrom().item(behindAll ? List.of() : path);
                        });
    }

    /**
     * What a search found.
     *
     * @param page the last that begins at or before the position; null if none does
     * @param isLast whether no page follows it
     * @param next the first page that begins behind the position, if none begins before; at most
     *     one
     */
    private record Found(@Nullable Located page, boolean isLast, List<Located> next) {}

    /**
     * Binary search over items of pages that follow each other; the last one is looked at first.
     */
    private final class Search {
        private final String sessionId;
        private final TurnPosition position;
        private final IntFunction<List<PageKey>> items;
        private final int last;
        private int low;
        private int high;
        private boolean started;
        private boolean isLast;
        private @Nullable Located page;
        private @Nullable Located next;

        Search(
                String sessionId,
                TurnPosition position,
                int count,
                IntFunction<List<PageKey>> items) {
            this.sessionId = sessionId;
            this.position = position;
            this.items = items;
            this.last = count - 1;
            this.high = last;
        }

        Uni<Found> run() {
            if (low > high) {
                boolean nothingBefore = page == null && next != null;
                return Uni.createFrom()
                        .item(new Found(page, isLast, nothingBefore ? List.of(next) : List.of()));
            }
            int probe = started ? (low + high) >>> 1 : high;
            started = true;
            List<PageKey> keys = items.apply(probe);
            return dynamoDb.get(keys.getFirst().itemIn(sessionId), true)
                    .chain(
                            item -> {
                                compare(probe, PageStore.located(keys, item));
                                return run();
                            });
        }

        /** An item that is gone has expired: what is wanted has not, so it is behind it. */
        private void compare(int probe, List<Located> found) {
            if (!found.isEmpty() && found.getFirst().page().turns().first().isAfter(position)) {
                next = found.getFirst();
                high = probe - 1;
                return;
            }
            low = probe + 1;
            for (Located each : found) {
                boolean begins = !each.page().turns().first().isAfter(position);
                page = begins ? each : page;
                isLast =
                        begins ? probe == last && each.key().equals(found.getLast().key()) : isLast;
            }
        }
    }

    /** Where the first page of the item begins, if it is there. */
    Uni<Optional<TurnPosition>> beginningOfItem(String sessionId, int number) {
        PageKey key = PageKey.of(number);
        return dynamoDb.get(key.itemIn(sessionId), true)
                .map(item -> PageItem.page(item, key).map(page -> page.turns().first()));
    }
}
