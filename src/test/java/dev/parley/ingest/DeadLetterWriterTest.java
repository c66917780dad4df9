package dev.parley.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.ingest.decode.UndecodableException;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.helpers.test.UniAssertSubscriber;
import io.smallrye.mutiny.subscription.UniEmitter;
import io.smallrye.reactive.messaging.MutinyEmitter;
import java.lang.reflect.Proxy;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A topic that answers when it is told to: how many a real one has under way nobody can see. */
class DeadLetterWriterTest {

    private static final int MANY = 500;

    private final HeldTopic topic = new HeldTopic();
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final DeadLetterWriter writer =
            new DeadLetterWriter(
                    topic,
                    new IngestMetrics(registry, Clock.systemUTC()),
                    new Settings(),
                    Clock.systemUTC());

    @Test
    void write_hasManyUnderWayInTheirOrderAndNotAll() {
        UniAssertSubscriber<Void> written = write();

        assertThat(topic.underWay)
                .extracting(Sent::offset)
                .hasSizeBetween(50, 128)
                .isEqualTo(LongStream.range(0, topic.underWay.size()).boxed().toList());
        written.assertNotTerminated();
    }

    @Test
    void write_completesOnceTheTopicHasThemAll() {
        UniAssertSubscriber<Void> written = write();

        for (int done = 0; done < MANY; done++) {
            written.assertNotTerminated();
            topic.underWay.removeFirst().answer().complete(null);
        }

        written.assertCompleted();
        assertThat(topic.asked)
                .containsExactlyElementsOf(LongStream.range(0, MANY).boxed().toList());
        assertThat(registry.get("parley.records").tag("outcome", "dead_lettered").counter().count())
                .isEqualTo(MANY);
    }

    @Test
    void write_ofOneThatFails_isTriedAgainWhileOthersGoOn() {
        UniAssertSubscriber<Void> written = write();

        topic.underWay.removeFirst().answer().fail(new IllegalStateException("away"));
        assertThat(writer.outage()).map(Backoff.Outage::reason).contains("away");
        for (int done = 0; done < MANY - 1; done++) {
            topic.takeNext().answer().complete(null);
        }
        topic.takeNext().answer().complete(null);

        written.awaitItem(Duration.ofMinutes(3)).assertCompleted();
        assertThat(topic.asked).hasSize(MANY + 1).contains(0L);
        assertThat(writer.outage()).isEmpty();
    }

    private UniAssertSubscriber<Void> write() {
        List<RejectedRecord> poison =
                LongStream.range(0, MANY)
                        .mapToObj(
                                offset ->
                                        new RejectedRecord(
                                                new ConsumerRecord<>(
                                                        "topic", 0, offset, null, new byte[1]),
                                                new UndecodableException("why")))
                        .toList();
        return writer.write(poison).subscribe().withSubscriber(UniAssertSubscriber.create());
    }

    private record Sent(long offset, UniEmitter<? super Void> answer) {}

    private static final class HeldTopic extends DeadLetters {
        private final List<Long> asked = new ArrayList<>();
        private final List<Sent> underWay = new ArrayList<>();

        @SuppressWarnings("unchecked")
        HeldTopic() {
            super(
                    (MutinyEmitter<byte @Nullable []>)
                            Proxy.newProxyInstance(
                                    HeldTopic.class.getClassLoader(),
                                    new Class<?>[] {MutinyEmitter.class},
                                    (proxy, method, arguments) -> {
                                        throw new UnsupportedOperationException();
                                    }));
        }

        @Override
        Uni<Void> add(ConsumerRecord<byte[], byte[]> poison, UndecodableException why) {
            return Uni.createFrom().emitter(answer -> sent(poison.offset(), answer));
        }

        private synchronized void sent(long offset, UniEmitter<? super Void> answer) {
            asked.add(offset);
            underWay.add(new Sent(offset, answer));
            notifyAll();
        }

        /** Waits for it, since a retry comes after a pause. */
        private synchronized Sent takeNext() {
            try {
                while (underWay.isEmpty()) {
                    wait();
                }
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return underWay.removeFirst();
        }
    }

    private static final class Settings implements IngestConfig {
        @Override
        public int concurrency() {
            return 1;
        }

        @Override
        public double heapShare() {
            return 0.1;
        }

        @Override
        public Duration retryFirst() {
            return Duration.ofMillis(10);
        }

        @Override
        public Duration retryLongest() {
            return Duration.ofMillis(10);
        }

        @Override
        public Duration maxAhead() {
            return Duration.ZERO;
        }

        @Override
        public Duration drainTimeout() {
            return Duration.ZERO;
        }
    }
}
