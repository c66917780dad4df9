package dev.parley.dynamodb.read;

import static dev.parley.session.EventBuilder.START;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.dynamodb.read.IndexSlice.Entry;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Tests how the slices of several index shards are merged and limited. */
class IndexSliceTest {

    @Test
    void merge_completeShards_returnsAllEntriesNewestFirst() {
        IndexSlice merged =
                IndexSlice.merge(
                        List.of(complete(entry(30, 1), entry(10, 1)), complete(entry(20, 0))));

        assertThat(merged).isEqualTo(complete(entry(30, 1), entry(20, 0), entry(10, 1)));
    }

    /** Further entries of a shard may belong between those of the other shards. */
    @Test
    void merge_shardWithMoreEntries_endsAtLastReadEntryOfThatShard() {
        IndexSlice merged =
                IndexSlice.merge(
                        List.of(
                                partial(entry(20, 0), entry(40, 0)),
                                partial(entry(5, 1), entry(30, 1), entry(10, 1)),
                                complete(entry(1, 2))));

        assertThat(merged).isEqualTo(partial(entry(20, 0), entry(40, 0), entry(30, 1)));
    }

    @Test
    void merge_endAtMomentOfSeveralShards_excludesThatMomentOfHigherShards() {
        IndexSlice merged =
                IndexSlice.merge(
                        List.of(
                                complete(entry(20, 2), entry(10, 2)),
                                partial(entry(20, 1), entry(20, 1)),
                                complete(entry(20, 0), entry(10, 0))));

        assertThat(merged).isEqualTo(partial(entry(20, 1), entry(20, 0), entry(20, 1)));
    }

    @Test
    void merge_entriesOfSameMomentAndShard_keepOrderOfIndex() {
        Entry first = new Entry(START, 1, "z");
        Entry second = new Entry(START, 1, "a");

        IndexSlice merged =
                IndexSlice.merge(List.of(complete(first, second), complete(entry(0, 0))));

        assertThat(merged).isEqualTo(complete(entry(0, 0), first, second));
    }

    @Test
    void first_limitBelowSize_endsAtLastReturnedEntry() {
        IndexSlice first = complete(entry(30, 1), entry(20, 0), entry(10, 1)).first(2);

        assertThat(first).isEqualTo(partial(entry(20, 0), entry(30, 1), entry(20, 0)));
    }

    @Test
    void first_limitEqualToSize_returnsSameSlice() {
        IndexSlice slice = complete(entry(30, 1), entry(20, 0));

        assertThat(slice.first(2)).isEqualTo(slice);
    }

    private static IndexSlice complete(Entry... entries) {
        return new IndexSlice(List.of(entries), Optional.empty());
    }

    private static IndexSlice partial(Entry end, Entry... entries) {
        return new IndexSlice(List.of(entries), Optional.of(end));
    }

    private static Entry entry(long second, int shard) {
        return new Entry(START.plusSeconds(second), shard, "s");
    }
}
