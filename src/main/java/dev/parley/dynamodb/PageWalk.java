package dev.parley.dynamodb;

import dev.parley.dynamodb.PageStore.Located;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Walks over the pages of a session and their splits, some at a time as they are asked for. */
final class PageWalk {

    private final DynamoDb dynamoDb;

    PageWalk(DynamoDb dynamoDb) {
        this.dynamoDb = dynamoDb;
    }

    /** Which way to walk. */
    enum Direction {
        OLDEST_FIRST,
        NEWEST_FIRST
    }

    /**
     * How to walk over pages.
     *
     * @param batch pages to read at a time, {@link DynamoDb#BATCH} at most
     * @param consistent whether pages must be as new as the head is: for those who count on them
     */
    record Walk(String sessionId, Direction direction, int batch, boolean consistent) {}

    /**
     * Walks over pages and their splits, some at a time as they are asked for.
     *
     * @param first number of the lowest page
     * @param next number behind that of the highest page
     */
    Multi<Located> walk(Walk how, int first, int next) {
        boolean oldestFirst = how.direction() == Direction.OLDEST_FIRST;
        return walk(how, next - first, i -> PageKey.of(oldestFirst ? first + i : next - 1 - i));
    }

    private Multi<Located> walk(Walk how, int pages, IntFunction<PageKey> keys) {
        return Multi.createFrom()
                .range(0, Math.ceilDiv(pages, how.batch()))
                .onItem()
                .transformToMultiAndConcatenate(
                        number -> {
                            int from = number * how.batch();
                            int to = Math.min(pages, from + how.batch());
                            return getAll(how, IntStream.range(from, to).mapToObj(keys).toList())
                                    .onItem()
                                    .transformToMultiAndConcatenate(page -> withSplits(how, page));
                        });
    }

    private Multi<Located> withSplits(Walk how, Located page) {
        int splits = page.page().splits();
        if (splits == 0) {
            return Multi.createFrom().item(page);
        }
        boolean oldestFirst = how.direction() == Direction.OLDEST_FIRST;
        Multi<Located> behind =
                walk(how, splits, i -> page.key().split(oldestFirst ? splits - i : i + 1));
        Multi<Located> itself = Multi.createFrom().item(page);
        return oldestFirst
                ? Multi.createBy().concatenating().streams(itself, behind)
                : Multi.createBy().concatenating().streams(behind, itself);
    }

    /**
     * Those of the pages that are there, in the order of the keys. A page that a head refers to is
     * there unless it has expired, or its number was left out; one that is missing may have been
     * written a moment ago, and is read again, consistently.
     */
    private Multi<Located> getAll(Walk how, List<PageKey> keys) {
        String sessionId = how.sessionId();
        Set<String> names =
                keys.stream()
                        .map(key -> key.itemIn(sessionId))
                        .collect(Collectors.toCollection(LinkedHashSet::new));
        return dynamoDb.get(names, how.consistent())
                .chain(
                        found ->
                                how.consistent()
                                        ? Uni.createFrom().item(found)
                                        : withMissing(sessionId, keys, found))
                .onItem()
                .transformToMulti(
                        found ->
                                Multi.createFrom()
                                        .iterable(keys)
                                        .onItem()
                                        .transformToIterable(
                                                key ->
                                                        PageStore.located(
                                                                List.of(key),
                                                                found.getOrDefault(
                                                                        key.itemIn(sessionId),
                                                                        Map.of()))));
    }

    private Uni<Map<String, Map<String, AttributeValue>>> withMissing(
            String sessionId, List<PageKey> keys, Map<String, Map<String, AttributeValue>> found) {
        Set<String> missing =
                keys.stream()
                        .filter(
                                key ->
                                        PageItem.page(found.get(key.itemIn(sessionId)), key)
                                                .isEmpty())
                        .map(key -> key.itemIn(sessionId))
                        .collect(Collectors.toSet());
        return missing.isEmpty()
                ? Uni.createFrom().item(found)
                : dynamoDb.get(missing, true).invoke(found::putAll).replaceWith(found);
    }
}
