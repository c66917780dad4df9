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
 * Which partitions this instance reads. It takes part once it has been given its share, were it an
 * empty one: with more instances than partitions some stand by.
 */
@ApplicationScoped
@Identifier(PartitionAssignment.LISTENER)
class PartitionAssignment implements KafkaConsumerRebalanceListener {

    /** The name by which the channel is configured to tell it. */
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
     * Lost ones too: the connector makes no difference. Whoever loses all of them may have lost the
     * group; one that is left in it is given its new share at once.
     */
    @Override
    public void onPartitionsRevoked(Consumer<?, ?> consumer, Collection<TopicPartition> removed) {
        assigned.removeAll(removed);
        joined = !assigned.isEmpty();
        if (!removed.isEmpty()) {
            // Which sessions are on which partition is not known, and one may be on several: all
            // go, which costs a read for each that stays.
            sessions.forget();
        }
    }

    /** Whether the group has given this instance its share. */
    boolean isJoined() {
        return joined;
    }

    int size() {
        return assigned.size();
    }
}
