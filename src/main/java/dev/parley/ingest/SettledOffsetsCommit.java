package dev.parley.ingest;

import io.smallrye.common.annotation.Identifier;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.Cancellable;
import io.smallrye.reactive.messaging.kafka.IncomingKafkaRecord;
import io.smallrye.reactive.messaging.kafka.KafkaConnectorIncomingConfiguration;
import io.smallrye.reactive.messaging.kafka.KafkaConsumer;
import io.smallrye.reactive.messaging.kafka.commit.KafkaCommitHandler;
import io.vertx.mutiny.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.function.BiConsumer;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jboss.logging.Logger;

/**
 * Commits the offsets up to which all records are settled: at an interval, before a partition goes
 * to another instance, and at the end. The connector's own strategies commit whole batches, so that
 * one record that waits would keep back all that come after it from being received.
 */
final class SettledOffsetsCommit implements KafkaCommitHandler {

    private static final Logger LOG = Logger.getLogger(SettledOffsetsCommit.class);
    private static final Duration LAST_COMMIT_TIMEOUT = Duration.ofSeconds(5);

    private final KafkaConsumer<?, ?> consumer;
    private final UnsettledOffsets offsets;
    private final Cancellable commits;

    private SettledOffsetsCommit(
            KafkaConsumer<?, ?> consumer, UnsettledOffsets offsets, Duration interval) {
        this.consumer = consumer;
        this.offsets = offsets;
        this.commits =
                io.smallrye.mutiny.Multi.createFrom()
                        .ticks()
                        .startingAfter(interval)
                        .every(interval)
                        .onOverflow()
                        .drop()
                        .onItem()
                        .transformToUniAndConcatenate(tick -> commit())
                        .subscribe()
                        .with(each -> {});
    }

    /** The commit strategy {@code settled} of the connector. */
    @ApplicationScoped
    @Identifier("settled")
    static class Factory implements KafkaCommitHandler.Factory {

        private final UnsettledOffsets offsets;

        Factory(UnsettledOffsets offsets) {
            this.offsets = offsets;
        }

        @Override
        public KafkaCommitHandler create(
                KafkaConnectorIncomingConfiguration config,
                Vertx vertx,
                KafkaConsumer<?, ?> consumer,
                BiConsumer<Throwable, Boolean> reportFailure) {
            Duration interval =
                    Duration.ofMillis(
                            config.config()
                                    .getValue(
                                            ConsumerConfig.AUTO_COMMIT_INTERVAL_MS_CONFIG,
                                            Long.class));
            return new SettledOffsetsCommit(consumer, offsets, interval);
        }
    }

    /**
     * Commits on the polling thread, so that no partition goes between the look at its offsets and
     * the commit. Never fails: what a commit could not do, the next one does.
     */
    private Uni<Void> commit() {
        return consumer.runOnPollingThread(
                        kafka -> {
                            commitAsync(kafka);
                        })
                .onFailure()
                .recoverWithNull();
    }

    private void commitAsync(Consumer<?, ?> kafka) {
        Map<TopicPartition, OffsetAndMetadata> settled = offsets.settled();
        if (!settled.isEmpty()) {
            kafka.commitAsync(
                    settled,
                    (committed, failure) -> {
                        if (failure == null) {
                            offsets.committed(settled);
                        } else {
                            LOG.debugf(
                                    "A commit failed and follows later: %s", failure.getMessage());
                        }
                    });
        }
    }

    @Override
    public void partitionsAssigned(Collection<TopicPartition> added) {
        offsets.assigned(added);
    }

    /**
     * Commits before the partitions go. If they are lost already, because this instance was taken
     * for dead, the commit fails, and the records since the last one are delivered again.
     */
    @Override
    public void partitionsRevoked(Collection<TopicPartition> removed) {
        Map<TopicPartition, OffsetAndMetadata> last = offsets.revoked(removed);
        if (last.isEmpty()) {
            return;
        }
        try {
            consumer.unwrap().commitSync(last, LAST_COMMIT_TIMEOUT);
        } catch (RuntimeException e) {
            LOG.infof(
                    "The last commit for %d partitions failed, so that some of their records are"
                            + " delivered again: %s",
                    last.size(), e.getMessage());
        }
    }

    @Override
    public void terminate(boolean graceful) {
        commits.cancel();
        Map<TopicPartition, OffsetAndMetadata> settled = offsets.settled();
        if (!settled.isEmpty()) {
            consumer.commit(settled).await().atMost(LAST_COMMIT_TIMEOUT);
            offsets.committed(settled);
        }
    }

    /** Does nothing: the offset of a record is committed once the record is settled. */
    @Override
    public <K, V> Uni<Void> handle(IncomingKafkaRecord<K, V> record) {
        return Uni.createFrom().voidItem();
    }
}
