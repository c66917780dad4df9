package dev.parley.ingest;

import static dev.parley.support.Timeouts.TIMEOUT;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.ingest.decode.EventRecord;
import dev.parley.local.LocalParley;
import dev.parley.session.EventBuilder;
import dev.parley.session.SessionWriter;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.core.Vertx;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

/**
 * Tests that records are decoded and writes are planned on the ingestion threads, even if an event
 * loop starts the work.
 */
@QuarkusTest
@WithTestResource(LocalParley.class)
class IngestThreadsTest {

    private final String id = "threads-" + UUID.randomUUID();

    @Inject Vertx vertx;

    @Inject Settlement settlement;

    @Inject SessionWriter sessions;

    @Inject IngestMetrics metrics;

    @Test
    void recordsFromAnEventLoop_areDecodedOnIngestionThreads() throws Exception {
        Queue<String> decoding = new ConcurrentLinkedQueue<>();
        metrics.received(1);

        onEventLoop(
                        done ->
                                settlement
                                        .start(List.of(recordThatNotesThreads(decoding)))
                                        .subscribe()
                                        .with(done::complete, done::completeExceptionally))
                .get(TIMEOUT.toSeconds(), TimeUnit.SECONDS);

        assertThat(decoding)
                .isNotEmpty()
                .allSatisfy(thread -> assertThat(thread).startsWith(IngestThreads.PREFIX));
    }

    /** The thread that receives an answer also makes the next plan. */
    @Test
    void answersOfDynamoDb_areProcessedOnIngestionThreads() throws Exception {
        Queue<String> planning = new ConcurrentLinkedQueue<>();

        onEventLoop(
                        done ->
                                sessions.apply(
                                                id,
                                                List.of(EventBuilder.event(id).turn("t-1", "hi")))
                                        .invoke(
                                                () ->
                                                        planning.add(
                                                                Thread.currentThread().getName()))
                                        .subscribe()
                                        .with(
                                                outcomes -> done.complete(null),
                                                done::completeExceptionally))
                .get(TIMEOUT.toSeconds(), TimeUnit.SECONDS);

        assertThat(planning)
                .singleElement()
                .satisfies(thread -> assertThat(thread).startsWith(IngestThreads.PREFIX));
    }

    private interface Work {
        void begin(CompletableFuture<Void> done);
    }

    private CompletableFuture<Void> onEventLoop(Work work) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        vertx.getOrCreateContext().runOnContext(nothing -> work.begin(done));
        return done;
    }

    /** Returns a record that notes the threads on which decoders read its value. */
    private ConsumerRecord<byte[], byte[]> recordThatNotesThreads(Queue<String> threads) {
        String turn =
                """
                {"turnId":"t-2","role":"user","content":"hi","occurredAt":"2026-11-22T10:00:00Z"}""";
        return new ConsumerRecord<>("topic", 0, 0, id.getBytes(UTF_8), turn.getBytes(UTF_8)) {
            @Override
            public byte[] value() {
                if (calledByADecoder()) {
                    threads.add(Thread.currentThread().getName());
                }
                return super.value();
            }
        };
    }

    private static boolean calledByADecoder() {
        return StackWalker.getInstance()
                .walk(
                        frames ->
                                frames.anyMatch(
                                        frame ->
                                                frame.getClassName()
                                                        .equals(EventRecord.class.getName())));
    }
}
