package dev.parley.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.ingest.decode.UndecodableException;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.smallrye.mutiny.Multi;
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

/**
 * Tests how many dead letters are in flight at the same time, and that failed ones are retried. The
 * topic is a fake that answers on demand, because a real topic does not show what is in flight.
 */
class DeadLetterWriterTest {

    private static final int MANY = 500;

    private final ControlledTopic topic = new ControlledTopic();
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final DeadLetterWriter writer =
            new DeadLetterWriter(
                    topic,
                    new UnsettledRecords(new UnsettledOffsets(), 2 * MANY, Long.MAX_VALUE),
                    new IngestMetrics(registry, Clock.systemUTC()),
                    new Settings(),
                    Runnable::run,
                    Clock.systemUTC());

    @Test
    void write_ofManyDeadLetters_sendsSeveralAtATimeInOrder() {
        UniAssertSubscriber<Void> written = write();

        assertThat(topic.inFlight)
                .extracting(Sent::offset)
                .hasSizeBetween(50, 128)
                .isEqualTo(LongStream.range(0, topic.inFlight.size()).boxed().toList());
        written.assertNotTerminated();
    }

    @Test
    void write_ofManyDeadLetters_completesWhenTheTopicHasAll() {
        UniAssertSubscriber<Void> written = write();

        for (int done = 0; done < MANY; done++) {
            written.assertNotTerminated();
            topic.inFlight.removeFirst().answer().complete(null);
        }

        written.assertCompleted();
        assertThat(topic.attempts)
                .containsExactlyElementsOf(LongStream.range(0, MANY).boxed().toList());
        assertThat(registry.get("parley.records").tag("outcome", "dead_lettered").counter().count())
                .isEqualTo(MANY);
    }

    @Test
    void write_ofAFailedDeadLetter_isRetriedWhileTheOthersContinue() {
        UniAssertSubscriber<Void> written = write();

        topic.inFlight
                .removeFirst()
                .answer()
                .fail(new IllegalStateException("the topic is unavailable"));
        assertThat(writer.outage())
                .map(Backoff.Outage::reason)
                .contains("the topic is unavailable");
        for (int done = 0; done < MANY - 1; done++) {
            topic.takeNext().answer().complete(null);
        }
        topic.takeNext().answer().complete(null);

        written.awaitItem(Duration.ofMinutes(3)).assertCompleted();
        assertThat(topic.attempts).hasSize(MANY + 1).contains(0L);
        assertThat(writer.outage()).isEmpty();
    }

    private UniAssertSubscriber<Void> write() {
        List<RejectedRecord> rejected =
                LongStream.range(0, MANY)
                        .mapToObj(
                                offset ->
                                        new RejectedRecord(
                                                new ConsumerRecord<>(
                                                        "topic", 0, offset, null, new byte[1]),
                                                new UndecodableException("why")))
                        .toList();
        return Multi.createFrom()
                .iterable(rejected)
                .onItem()
                .transformToUni(writer::write)
                .merge(MANY)
                .onItem()
                .ignoreAsUni()
                .subscribe()
                .withSubscriber(UniAssertSubscriber.create());
    }

    private record Sent(long offset, UniEmitter<? super Void> answer) {}

    private static final class ControlledTopic extends DeadLetters {
        private final List<Long> attempts = new ArrayList<>();
        private final List<Sent> inFlight = new ArrayList<>();

        @SuppressWarnings("unchecked")
        ControlledTopic() {
            super(
                    (MutinyEmitter<byte @Nullable []>)
                            Proxy.newProxyInstance(
                                    ControlledTopic.class.getClassLoader(),
                                    new Class<?>[] {MutinyEmitter.class},
                                    (proxy, method, arguments) -> {
                                        throw new UnsupportedOperationException(method.getName());
                                    }));
        }

        @Override
        Uni<Void> add(ConsumerRecord<byte[], byte[]> rejected, UndecodableException why) {
            return Uni.createFrom().emitter(answer -> sent(rejected.offset(), answer));
        }

        private synchronized void sent(long offset, UniEmitter<? super Void> answer) {
            attempts.add(offset);
            inFlight.add(new Sent(offset, answer));
            notifyAll();
        }

        /** Waits for the next dead letter, because a retry starts after a pause. */
        private synchronized Sent takeNext() {
            try {
                while (inFlight.isEmpty()) {
                    wait();
                }
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return inFlight.removeFirst();
        }
    }

    private static final class Settings implements IngestConfig {
        @Override
        public int concurrency() {
            return 1;
        }

        @Override
        public int maxUnsettled() {
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
