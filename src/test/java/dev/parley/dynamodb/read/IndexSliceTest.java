package dev.parley.dynamodb.read;

import static dev.parley.session.EventBuilder.START;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.dynamodb.read.IndexSlice.Entry;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class IndexSliceTest {

    @Test
    void merge_shardsThatEnd_isAllNewestFirst() {
        IndexSlice merged =
                IndexSlice.merge(List.of(all(entry(30, 1), entry(10, 1)), all(entry(20, 0))));

        assertThat(merged).isEqualTo(all(entry(30, 1), entry(20, 0), entry(10, 1)));
    }

    /** What stands behind in the other shard may have to come in between. */
    @Test
    void merge_shardThatHasMore_endsWhereThatWasLookedAt() {
        IndexSlice merged =
                IndexSlice.merge(
                        List.of(
                                upTo(entry(20, 0), entry(40, 0)),
                                upTo(entry(5, 1), entry(30, 1), entry(10, 1)),
                                all(entry(1, 2))));

        assertThat(merged).isEqualTo(upTo(entry(20, 0), entry(40, 0), entry(30, 1)));
    }

    @Test
    void merge_endInAMomentOfSeveralShards_hasThatMomentOfLowerShardsOnly() {
        IndexSlice merged =
                IndexSlice.merge(
                        List.of(
                                all(entry(20, 2), entry(10, 2)),
                                upTo(entry(20, 1), entry(20, 1)),
                                all(entry(20, 0), entry(10, 0))));

        assertThat(merged).isEqualTo(upTo(entry(20, 1), entry(20, 0), entry(20, 1)));
    }

    @Test
    void merge_entriesOfOneMomentInAShard_stayInTheOrderOfTheIndex() {
        Entry one = new Entry(START, 1, "z");
        Entry other = new Entry(START, 1, "a");

        IndexSlice merged = IndexSlice.merge(List.of(all(one, other), all(entry(0, 0))));

        assertThat(merged).isEqualTo(all(entry(0, 0), one, other));
    }

    @Test
    void first_fewerThanThereAre_endsWithTheLastOfThem() {
        IndexSlice first = all(entry(30, 1), entry(20, 0), entry(10, 1)).first(2);

        assertThat(first).isEqualTo(upTo(entry(20, 0), entry(30, 1), entry(20, 0)));
    }

    @Test
    void first_asManyAsThereAre_isTheSame() {
        IndexSlice slice = all(entry(30, 1), entry(20, 0));

        assertThat(slice.first(2)).isEqualTo(slice);
    }

    private static IndexSlice all(Entry... entries) {
        return new IndexSlice(List.of(entries), Optional.empty());
    }

    private static IndexSlice upTo(Entry end, Entry... entries) {
        return new IndexSlice(List.of(entries), Optional.of(end));
    }

    private static Entry entry(long second, int shard) {
        return new Entry(START.plusSeconds(second), shard, "s");
    }
}
