package dev.parley.ingest;

import dev.parley.session.SessionWriter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.smallrye.common.annotation.Identifier;
import io.smallrye.reactive.messaging.kafka.KafkaConsumerRebalanceListener;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Collection;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;

/**
 * The partitions that this instance reads. The instance has joined the group once it has received
 * its share, even an empty one: with more instances than partitions, some instances stand by.
 */
@ApplicationScoped
@Identifier(PartitionAssignment.LISTENER)
class PartitionAssignment implements KafkaConsumerRebalanceListener {

    /** The name of this listener in the configuration of the channel. */
    static final String LISTENER = "parley";

    private final Set<TopicPartition> assigned = ConcurrentHashMap.newKeySet();
    private final SessionWriter sessions;
    private final MeterRegistry metrics;
    private final Gauge gauge;
    private volatile boolean joined;

    PartitionAssignment(SessionWriter sessions, MeterRegistry metrics) {
        this.sessions = sessions;
        this.metrics = metrics;
        gauge =
                Gauge.builder("parley.partitions.assigned", assigned, Set::size)
                        .description("Partitions that this instance reads")
                        .strongReference(true)
                        .register(metrics);
    }

    @PreDestroy
    void removeGauge() {
        metrics.remove(gauge);
    }

    @Override
    public void onPartitionsAssigned(Consumer<?, ?> consumer, Collection<TopicPartition> added) {
        assigned.addAll(added);
        joined = true;
    }

    /**
     * Removes partitions that were revoked or lost: the connector does not distinguish them. An
     * instance that loses all of its partitions may have left the group. If it is still a member,
     * it receives its new share at once.
     */
    @Override
    public void onPartitionsRevoked(Consumer<?, ?> consumer, Collection<TopicPartition> removed) {
        assigned.removeAll(removed);
        joined = !assigned.isEmpty();
        if (!removed.isEmpty()) {
            // It is not known which sessions are on which partition, and one session may be on
            // several. So the writer forgets all of them, which costs one read for each session
            // that stays here.
            sessions.forget();
        }
    }

    /** Returns whether the group has assigned this instance its share. */
    boolean isJoined() {
        return joined;
    }

    int size() {
        return assigned.size();
    }
}
