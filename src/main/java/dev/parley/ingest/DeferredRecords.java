package dev.parley.ingest;

import static java.util.Objects.requireNonNull;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Reads again the records that exceeded the budget of their poll, in order and in slices of records
 * that may be decoded at the same time. It uses its own consumer. The group's consumer continues to
 * poll, stays in the group, and commits.
 */
@ApplicationScoped
class DeferredRecords {

    private final ConsumerSettings settings;
    private final HeapShare heap;
    private final Backoff kafka;
    private final ExecutorService thread =
            Executors.newSingleThreadExecutor(
                    Thread.ofPlatform().daemon().name("parley-deferred-records").factory());
    private @Nullable KafkaConsumer<byte[], byte[]> reader;

    DeferredRecords(
            ConsumerSettings settings,
            HeapShare heap,
            IngestConfig config,
            IngestMetrics metrics,
            Clock clock) {
        this.settings = settings;
        this.heap = heap;
        this.kafka =
                new Backoff(
                        "Reading records again",
                        Exception.class::isInstance,
                        config,
                        metrics,
                        clock);
    }

    @PreDestroy
    void close() {
        thread.execute(
                () -> {
                    if (reader != null) {
                        reader.close();
                    }
                });
        thread.shutdown();
    }

    /** Returns what blocks the reading, or empty if nothing does. */
    Optional<Backoff.Outage> outage() {
        return kafka.outage();
    }

    /**
     * Returns the records as they are in the topic, in slices. A record that is no longer in the
     * topic is returned as it was given.
     *
     * @param deferred records that are marked as {@link OmittedContent#DEFERRED}, in the order of
     *     their offsets
     */
    Multi<List<ConsumerRecord<byte[], byte[]>>> slices(
            List<ConsumerRecord<byte[], byte[]>> deferred) {
        Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> byPartition =
                new LinkedHashMap<>();
        for (ConsumerRecord<byte[], byte[]> record : deferred) {
            byPartition
                    .computeIfAbsent(
                            new TopicPartition(record.topic(), record.partition()),
                            partition -> new ArrayList<>())
                    .add(record);
        }
        return Multi.createFrom()
                .iterable(byPartition.entrySet())
                .onItem()
                .transformToMultiAndConcatenate(
                        partition ->
                                slices(
                                        new DeferredRange(
                                                partition.getKey(), partition.getValue())));
    }

    private Multi<List<ConsumerRecord<byte[], byte[]>>> slices(DeferredRange range) {
        Uni<List<ConsumerRecord<byte[], byte[]>>> next =
                Uni.createFrom()
                        .item(() -> range.next(reader(), heap.sliceBytes()))
                        .runSubscriptionOn(thread);
        return Multi.createBy()
                .repeating()
                .uni(() -> kafka.untilItSucceeds(next))
                .until(List::isEmpty);
    }

    private KafkaConsumer<byte[], byte[]> reader() {
        if (reader == null) {
            reader = settings.reader();
        }
        return requireNonNull(reader);
    }
}
