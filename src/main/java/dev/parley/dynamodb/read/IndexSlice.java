package dev.parley.dynamodb.read;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * A stretch of an index, newest first, all of it up to where it ends.
 *
 * @param end the last entry that was looked at, given or not; empty if there are no more
 */
record IndexSlice(List<Entry> entries, Optional<Entry> end) {

    static final IndexSlice EMPTY = new IndexSlice(List.of(), Optional.empty());

    /** Newest first; entries of one moment by shard, and in a shard as the index has them. */
    static final Comparator<Entry> ORDER =
            Comparator.comparing(Entry::startedAt).reversed().thenComparingInt(Entry::shard);

    /** What an index says of a session. */
    record Entry(Instant startedAt, int shard, String sessionId) {

        Entry at(Instant moment) {
            return new Entry(moment, shard, sessionId);
        }
    }

    /**
     * One slice of several shards'. A shard that has more than was read of it ends it: what stands
     * behind may have to come in between.
     *
     * @param shards in any order
     */
    static IndexSlice merge(List<IndexSlice> shards) {
        Optional<Entry> end = shards.stream().flatMap(shard -> shard.end().stream()).min(ORDER);
        List<Entry> entries =
                shards.stream()
                        .flatMap(shard -> shard.entries().stream())
                        .filter(entry -> end.isEmpty() || ORDER.compare(entry, end.get()) <= 0)
                        .sorted(ORDER)
                        .toList();
        return new IndexSlice(entries, end);
    }

    /** No more than so many of its entries. */
    IndexSlice first(int limit) {
        return entries.size() <= limit
                ? this
                : new IndexSlice(entries.subList(0, limit), Optional.of(entries.get(limit - 1)));
    }
}
