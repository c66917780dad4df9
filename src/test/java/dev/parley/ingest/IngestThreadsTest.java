package dev.parley.ingest;

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
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

/** Who works for ingestion: never an event loop, whoever asks. */
@QuarkusTest
@WithTestResource(LocalParley.class)
class IngestThreadsTest {

    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final String id = "threads-" + UUID.randomUUID();

    @Inject Vertx vertx;

    @Inject Settlement settlement;

    @Inject SessionWriter sessions;

    @Inject IngestMetrics metrics;

    @Test
    void records_thatComeOnAnEventLoop_areDecodedByIngestionsThreads() throws Exception {
        Queue<String> decoding = new ConcurrentLinkedQueue<>();
        metrics.received(1);

        onEventLoop(
                        done ->
                                settlement
                                        .settle(List.of(watched(decoding)))
                                        .subscribe()
                                        .with(done::complete, done::completeExceptionally))
                .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);

        assertThat(decoding)
                .isNotEmpty()
                .allSatisfy(thread -> assertThat(thread).startsWith(IngestThreads.PREFIX));
    }

    /** What comes after an answer, which is to plan, is done by who the answer is given to. */
    @Test
    void answers_ofDynamoDb_areWorkedOnByIngestionsThreads() throws Exception {
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
                .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);

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

    /** A record that tells who looks into it. */
    private ConsumerRecord<byte[], byte[]> watched(Queue<String> by) {
        String turn =
                """
                {"turnId":"t-2","role":"user","content":"hi","occurredAt":"2026-11-22T10:00:00Z"}""";
        return new ConsumerRecord<>("topic", 0, 0, id.getBytes(UTF_8), turn.getBytes(UTF_8)) {
            @Override
            public byte[] value() {
                if (calledByADecoder()) {
                    by.add(Thread.currentThread().getName());
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
