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
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/**
 * Which partitions this instance reads. It is ready once it has been given its share, were it an
 * empty one: with more instances than partitions some stand by.
 */
@Readiness
@ApplicationScoped
@Identifier(PartitionAssignment.LISTENER)
class PartitionAssignment implements KafkaConsumerRebalanceListener, HealthCheck {

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

    /** Lost ones too: the connector makes no difference. */
    @Override
    public void onPartitionsRevoked(Consumer<?, ?> consumer, Collection<TopicPartition> removed) {
        assigned.removeAll(removed);
        if (!removed.isEmpty()) {
            // Which sessions are on which partition is not known, and one may be on several: all
            // go, which costs a read for each that stays.
            sessions.forget();
        }
    }

    @Override
    public HealthCheckResponse call() {
        return HealthCheckResponse.named("Kafka partitions")
                .status(joined)
                .withData("assigned", assigned.size())
                .build();
    }
}
