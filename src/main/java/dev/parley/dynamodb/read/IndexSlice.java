package dev.parley.dynamodb.read;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * A part of an index, newest first, with all entries up to its end.
 *
 * @param end the last entry that was read, whether or not {@code entries} contains it; empty if
 *     there are no more entries
 */
record IndexSlice(List<Entry> entries, Optional<Entry> end) {

    static final IndexSlice EMPTY = new IndexSlice(List.of(), Optional.empty());

    /**
     * Newest first. Entries of the same moment are ordered by shard, and entries of one shard stay
     * in the order of the index.
     */
    static final Comparator<Entry> ORDER =
            Comparator.comparing(Entry::startedAt).reversed().thenComparingInt(Entry::shard);

    /** An entry of an index. */
    record Entry(Instant startedAt, int shard, String sessionId) {

        Entry at(Instant moment) {
            return new Entry(moment, shard, sessionId);
        }
    }

    /**
     * Merges the slices of several shards. A shard that has more entries than were read limits the
     * result to its end, because its further entries may belong between those of other shards.
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

    /** Returns the slice with at most the given number of entries. */
    IndexSlice first(int limit) {
        return entries.size() <= limit
                ? this
                : new IndexSlice(entries.subList(0, limit), Optional.of(entries.get(limit - 1)));
    }
}
