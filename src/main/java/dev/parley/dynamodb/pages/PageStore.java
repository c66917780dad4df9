package dev.parley.dynamodb.pages;

import dev.parley.dynamodb.client.DynamoDb;
import dev.parley.dynamodb.layout.Attributes;
import dev.parley.dynamodb.layout.HeadItems;
import dev.parley.dynamodb.layout.PageItem;
import dev.parley.dynamodb.layout.PageKey;
import dev.parley.dynamodb.layout.ProfileItem;
import dev.parley.dynamodb.layout.RecentTurns;
import dev.parley.dynamodb.layout.SessionHead;
import dev.parley.dynamodb.layout.SessionHead.GrowingPage;
import dev.parley.dynamodb.layout.SessionHead.NewestPages;
import dev.parley.dynamodb.layout.SessionHead.PageRange;
import dev.parley.dynamodb.layout.SessionTable;
import dev.parley.dynamodb.layout.StoredPage;
import dev.parley.dynamodb.layout.TargetPage;
import dev.parley.dynamodb.layout.TextPart;
import dev.parley.dynamodb.layout.TurnBlock;
import dev.parley.dynamodb.layout.TurnPosition;
import dev.parley.session.Turn;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Reads what a writer needs of a session besides its head, and erases pages. */
@ApplicationScoped
public class PageStore {

    /** The number of pages that a search for a turn reads at a time: about the last 50 turns. */
    private static final int PAGES_TO_SEARCH = 4;

    /** The number of items before the first page of a deleted session that are checked. */
    private static final int ITEMS_TO_CHECK_FOR_ORPHANS = 8;

    private final DynamoDb dynamoDb;
    private final PageSearch search;
    private final PageWalk pages;

    public PageStore(DynamoDb dynamoDb) {
        this.dynamoDb = dynamoDb;
        this.search = new PageSearch(dynamoDb);
        this.pages = new PageWalk(dynamoDb);
    }

    /**
     * Reads what a writer needs to know of the newest pages. Pages that have expired are left out.
     */
    public Uni<NewestPages> newestPages(String sessionId, SessionHead head) {
        PageRange range = head.pages();
        int newest = range.newestItem();
        int from = Math.max(range.first(), RecentTurns.firstToRead(newest));
        List<Integer> numbers = items(from, range.next()).boxed().toList();
        return dynamoDb.get(numbers.stream().map(number -> key(sessionId, number)).toList(), true)
                .map(
                        items -> {
                            RecentTurns recent = RecentTurns.NONE;
                            List<StoredPage> last = List.of();
                            for (int number : numbers) {
                                Map<String, AttributeValue> item =
                                        items.getOrDefault(key(sessionId, number), Map.of());
                                last = StoredPage.in(item, range.pagesIn(number));
                                recent = recent.addListed(item, last);
                            }
                            return new NewestPages(
                                    recent.inOrder(),
                                    last.isEmpty()
                                            ? null
                                            : GrowingPage.of(
                                                    last.getLast()
                                                            .endingBefore(head.endOfPages())));
                        });
    }

    /**
     * Returns the head with its whole profile, which the head does not contain. If the item of the
     * profile shows that the head is outdated, the result is the current head, as it was read.
     */
    public Uni<SessionHead> withWholeProfile(String sessionId, SessionHead head) {
        return profile(sessionId)
                .chain(
                        item ->
                                item.filter(
                                                        known ->
                                                                known.version()
                                                                        != head.profileItem()
                                                                                .version())
                                                .isEmpty()
                                        ? Uni.createFrom().item(head.with(item))
                                        : currentHead(sessionId)
                                                .map(
                                                        current ->
                                                                current.version() == head.version()
                                                                        ? head.with(item)
                                                                        : current));
    }

    private Uni<Optional<ProfileItem.Known>> profile(String sessionId) {
        return dynamoDb.get(ProfileItem.key(sessionId), true).map(ProfileItem::of);
    }

    private Uni<SessionHead> currentHead(String sessionId) {
        return dynamoDb.get(sessionId, true).map(HeadItems::toHead);
    }

    private static String key(String sessionId, int number) {
        return PageKey.of(number).itemKey(sessionId);
    }

    /**
     * Searches all pages for a turn, the newest page first, and returns the position of the turn.
     */
    public Uni<Optional<TurnPosition>> find(
            String sessionId, SessionHead head, Turn.Identity turn) {
        return pages.newestFirst(
                        consistentWalk(sessionId, head, PAGES_TO_SEARCH), head.pages().next())
                .map(page -> page.page().turns().positionOf(turn))
                .select()
                .where(Optional::isPresent)
                .select()
                .first()
                .toUni()
                .map(found -> found == null ? Optional.empty() : found);
    }

    /** Finds the page for a position, see {@link PageSearch#locate}. */
    public Uni<Optional<TargetPage>> locate(
            String sessionId, SessionHead head, TurnPosition position) {
        return search.locate(sessionId, head, position);
    }

    /** Returns the turns of all pages with a turn that happened after the moment, in order. */
    public Multi<List<Turn>> pagesAfter(String sessionId, SessionHead head, Instant moment) {
        return pages.oldestFirst(
                        consistentWalk(sessionId, head, DynamoDb.BATCH), head.pages().first())
                .map(page -> page.page().turns())
                .filter(turns -> turns.last().at().isAfter(moment))
                .map(TurnBlock::turns);
    }

    /** Returns all pages, the newest first. They are read on demand. */
    public Multi<StoredPage> newestFirst(String sessionId, SessionHead head) {
        return pages.newestFirst(
                consistentWalk(sessionId, head, DynamoDb.BATCH), head.pages().next());
    }

    private static PageWalk.Options consistentWalk(String sessionId, SessionHead head, int batch) {
        return new PageWalk.Options(sessionId, head, batch, true, PageWalk.MissingPage.SKIP);
    }

    /**
     * Erases what a deletion leaves without a head: the pages before the first one that remains,
     * and pages, parts and a profile that no head refers to.
     *
     * <p>The items are emptied and not deleted, and DynamoDB deletes them when they expire. So a
     * delayed request of another writer can't write turns into them: the condition of that request
     * has a lower version.
     *
     * @param from number of the first page to erase
     * @param head the head after the deletion
     */
    public Uni<Void> erase(String sessionId, int from, SessionHead head) {
        return Multi.createFrom()
                .items(items(from, head.pages().first()).boxed())
                .onItem()
                .transformToUni(number -> eraseItem(sessionId, number, head.version()))
                .merge(DynamoDb.CONCURRENCY)
                .collect()
                .asList()
                .chain(() -> emptyOrphans(sessionId, nextOrphan(head), head.version()))
                .chain(() -> emptyOrphanParts(sessionId, head.parts().next(), head.version()))
                .chain(() -> emptyFormerProfile(sessionId, head));
    }

    /**
     * Empties the item of a profile that no head refers to. DynamoDB may have deleted the head of a
     * former life of the session before this item.
     */
    private Uni<Void> emptyFormerProfile(String sessionId, SessionHead head) {
        if (head.profileItem().isReferenced()) {
            return Uni.createFrom().voidItem();
        }
        return profile(sessionId)
                .chain(
                        item ->
                                item.filter(ProfileItem::isReferenced)
                                        .map(former -> emptyUnlessCurrent(sessionId, former))
                                        .orElseGet(() -> Uni.createFrom().voidItem()));
    }

    /** Empties the item unless the head that was written together with it is stored. */
    private Uni<Void> emptyUnlessCurrent(String sessionId, ProfileItem.Known item) {
        return currentHead(sessionId)
                .chain(
                        current ->
                                current.profileItem().version() == item.version()
                                        ? Uni.createFrom().voidItem()
                                        : dynamoDb.emptyProfile(
                                                ProfileItem.key(sessionId), item.version()));
    }

    /** Erases the parts of turns up to the moment of the deletion that the head contains. */
    public Uni<Void> eraseParts(String sessionId, SessionHead head) {
        return Multi.createFrom()
                .range(head.parts().first(), head.parts().next())
                .onItem()
                .transformToUni(number -> erasePart(sessionId, number, head))
                .merge(DynamoDb.CONCURRENCY)
                .collect()
                .asList()
                .replaceWithVoid();
    }

    private Uni<Void> erasePart(String sessionId, int number, SessionHead head) {
        Instant moment = head.deletedAt();
        return partWithoutText(sessionId, number)
                .chain(
                        part -> {
                            Instant at = Attributes.time(part, SessionTable.OCCURRED_AT);
                            return at == null || moment == null || at.isAfter(moment)
                                    ? Uni.createFrom().voidItem()
                                    : emptyPart(sessionId, number, head.version())
                                            .replaceWithVoid();
                        });
    }

    /** Empties parts that no head refers to, see {@link #emptyOrphans}. */
    private Uni<Void> emptyOrphanParts(String sessionId, int number, long version) {
        return partWithoutText(sessionId, number)
                .chain(
                        part ->
                                part.isEmpty()
                                        ? Uni.createFrom().item(false)
                                        : emptyPart(sessionId, number, version))
                .chain(
                        emptied ->
                                emptied
                                        ? emptyOrphanParts(sessionId, number + 1, version)
                                        : Uni.createFrom().voidItem());
    }

    private Uni<Boolean> emptyPart(String sessionId, int number, long version) {
        return dynamoDb.empty(TextPart.key(sessionId, number), version);
    }

    /** Returns some attributes of a part; an empty item if there is none. */
    private Uni<Map<String, AttributeValue>> partWithoutText(String sessionId, int number) {
        String key = TextPart.key(sessionId, number);
        return dynamoDb.get(
                        List.of(key),
                        true,
                        List.of(SessionTable.SESSION_ID, SessionTable.OCCURRED_AT))
                .map(found -> found.getOrDefault(key, Map.of()));
    }

    /**
     * Checks again after a deletion whether another writer has left pages or parts, which it wrote
     * for a head that was replaced, and erases them.
     */
    public Uni<Void> eraseOrphans(String sessionId, SessionHead head) {
        int from = Math.max(0, head.pages().first() - ITEMS_TO_CHECK_FOR_ORPHANS * PageKey.STEP);
        String next = key(sessionId, nextOrphan(head));
        List<String> names =
                items(from, head.pages().first())
                        .mapToObj(number -> key(sessionId, number))
                        .collect(Collectors.toCollection(ArrayList::new));
        String nextPart = TextPart.key(sessionId, head.parts().next());
        String profile = ProfileItem.key(sessionId);
        names.addAll(List.of(next, nextPart, profile));
        return dynamoDb.get(names, true)
                .chain(
                        found ->
                                found.containsKey(next)
                                                || found.containsKey(nextPart)
                                                || ProfileItem.of(
                                                                found.getOrDefault(
                                                                        profile, Map.of()))
                                                        .filter(ProfileItem::isReferenced)
                                                        .isPresent()
                                                || found.values().stream()
                                                        .anyMatch(PageItem::hasContent)
                                        ? erase(sessionId, from, head)
                                        : Uni.createFrom().voidItem());
    }

    private static int nextOrphan(SessionHead head) {
        return PageKey.nextItem(head.pages().next());
    }

    private static IntStream items(int from, int to) {
        return IntStream.iterate(
                PageKey.itemNumber(from), number -> number < to, number -> number + PageKey.STEP);
    }

    /**
     * Empties items one after the other, in the order in which they were written. It ends at the
     * first item that does not exist or that a later version has written.
     *
     * <p>An item that is empty gets the new version. Its writer may still write the next one and
     * crash before it writes the head. The next check then finds that item, because there is no gap
     * before it.
     */
    private Uni<Void> emptyOrphans(String sessionId, int number, long version) {
        String name = key(sessionId, number);
        return dynamoDb.get(name, true)
                .chain(
                        item ->
                                item.isEmpty()
                                        ? Uni.createFrom().item(false)
                                        : empty(sessionId, pagesIn(number), item, version))
                .chain(
                        emptied ->
                                emptied
                                        ? emptyOrphans(sessionId, number + PageKey.STEP, version)
                                        : Uni.createFrom().voidItem());
    }

    private static List<PageKey> pagesIn(int item) {
        return List.of(PageKey.of(item), PageKey.of(item + 1));
    }

    private Uni<Void> eraseItem(String sessionId, int number, long version) {
        return erase(sessionId, pagesIn(number), version);
    }

    private Uni<Void> erase(String sessionId, List<PageKey> keys, long version) {
        return dynamoDb.get(keys.getFirst().itemKey(sessionId), true)
                .chain(
                        item ->
                                PageItem.hasContent(item)
                                        ? empty(sessionId, keys, item, version).replaceWithVoid()
                                        : Uni.createFrom().voidItem());
    }

    /**
     * Empties an item and the splits of its pages. The splits come first, because a page contains
     * the number of its splits.
     *
     * @param version items that a later version has written are kept
     * @return whether the item is empty
     */
    private Uni<Boolean> empty(
            String sessionId, List<PageKey> keys, Map<String, AttributeValue> item, long version) {
        return Multi.createFrom()
                .iterable(splits(keys, item))
                .onItem()
                .transformToUniAndConcatenate(split -> erase(sessionId, List.of(split), version))
                .collect()
                .asList()
                .chain(() -> dynamoDb.empty(keys.getFirst().itemKey(sessionId), version));
    }

    private static List<PageKey> splits(List<PageKey> keys, Map<String, AttributeValue> item) {
        return keys.stream()
                .flatMap(
                        key ->
                                IntStream.rangeClosed(1, PageItem.splits(item, key))
                                        .mapToObj(key::split))
                .toList();
    }
}
