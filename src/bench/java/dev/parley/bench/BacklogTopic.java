package dev.parley.bench;

import dev.parley.local.LocalInfrastructureProcess;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;

/** A topic that exists for one benchmark only. */
final class BacklogTopic implements AutoCloseable {

    static final int PARTITIONS = 6;

    private final String name = "bench-" + UUID.randomUUID();
    private final Map<String, Object> broker =
            Map.of("bootstrap.servers", LocalInfrastructureProcess.shared().kafka());
    private final KafkaProducer<String, String> producer;

    BacklogTopic() {
        try (Admin admin = Admin.create(broker)) {
            admin.createTopics(List.of(new NewTopic(name, PARTITIONS, (short) 1))).all().get();
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException("can't create topic " + name, e);
        }
        producer =
                new KafkaProducer<>(
                        Map.of(
                                "bootstrap.servers",
                                LocalInfrastructureProcess.shared().kafka(),
                                "linger.ms",
                                20,
                                "batch.size",
                                128 * 1024,
                                "compression.type",
                                "lz4"),
                        new StringSerializer(),
                        new StringSerializer());
    }

    String name() {
        return name;
    }

    /** Returns the configuration with which the service reads this topic. */
    Map<String, String> settings() {
        return Map.of(
                "mp.messaging.incoming.turns.topic", name,
                "mp.messaging.incoming.turns.group.id", name);
    }

    /** Publishes the events in this order, and waits until Kafka has confirmed all of them. */
    void publish(Stream<Event> events) {
        events.forEach(
                event -> {
                    var _ =
                            producer.send(
                                    new ProducerRecord<>(name, event.sessionId(), event.json()));
                });
        producer.flush();
    }

    @Override
    public void close() {
        producer.close();
        try (Admin admin = Admin.create(broker)) {
            admin.deleteTopics(List.of(name)).all().get();
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException("can't delete topic " + name, e);
        }
    }
}
