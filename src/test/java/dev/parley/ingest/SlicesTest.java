package dev.parley.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

/** Tests how a batch is divided into slices of a limited size. */
class SlicesTest {

    @Test
    void slices_ofMixedSizes_exceedTheLimitOnlyForASingleLargeRecord() {
        assertThat(sizes(4, 4, 4, 1, 20, 1, 1)).isEqualTo("[[4, 4], [4, 1], [20], [1, 1]]");
    }

    @Test
    void slices_ofSmallRecords_areOneSlice() {
        assertThat(sizes(1, 1, 1)).isEqualTo("[[1, 1, 1]]");
    }

    @Test
    void slices_ofManySmallRecords_haveSevenAtMost() {
        assertThat(sizes(1, 0, 1, 0, 1, 0, 1, 0, 1)).isEqualTo("[[1, 0, 1, 0, 1, 0, 1], [0, 1]]");
    }

    @Test
    void slices_ofNoRecords_areEmpty() {
        assertThat(sizes()).isEqualTo("[]");
    }

    private static String sizes(int... records) {
        List<ConsumerRecord<byte[], byte[]>> all =
                IntStream.of(records)
                        .mapToObj(
                                size ->
                                        new ConsumerRecord<byte[], byte[]>(
                                                "topic", 0, 0, null, new byte[size]))
                        .toList();
        return Slices.of(all, 10, 7).stream()
                .map(slice -> slice.stream().map(each -> each.value().length).toList())
                .toList()
                .toString();
    }
}
