package dev.parley.dynamodb.client;

import static dev.parley.support.Timeouts.TIMEOUT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Tests when requests are sent, and what they carry. */
class GathererTest {

    private static final int MAX_SIZE = 10;

    private final List<List<Integer>> sent = new CopyOnWriteArrayList<>();
    private final List<UniEmitter<? super Void>> open = new CopyOnWriteArrayList<>();
    private final Gatherer<Integer, List<Integer>> gatherer = gatherer(Duration.ofDays(1));

    private Gatherer<Integer, List<Integer>> gatherer(Duration slow) {
        return new Gatherer<>(
                () -> 2,
                slow,
                waiting -> {
                    List<Integer> batch = new ArrayList<>();
                    while (!waiting.isEmpty() && batch.size() < MAX_SIZE) {
                        batch.add(waiting.remove());
                    }
                    return batch;
                },
                batch -> {
                    sent.add(batch);
                    return Uni.createFrom().emitter(open::add);
                });
    }

    @Test
    void callers_untilTheLimitIsReached_areSentAtOnce() {
        add(0, 2);

        assertThat(sent).containsExactly(List.of(0), List.of(1));
    }

    @Test
    void callersThatArriveTogetherOnAnEventLoop_shareARequest() {
        Vertx vertx = Vertx.vertx();
        try {
            vertx.getOrCreateContext()
                    .runOnContext(
                            first -> {
                                gatherer.add(0);
                                vertx.getOrCreateContext().runOnContext(second -> gatherer.add(1));
                                gatherer.add(2);
                            });

            await().atMost(TIMEOUT).until(() -> sent.stream().mapToInt(List::size).sum() == 3);
            assertThat(sent).containsExactly(List.of(0, 2), List.of(1));
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().join();
        }
    }

    @Test
    void callersBeyondTheLimit_areSentTogetherInOrder_whenARequestIsAnswered() {
        add(0, 2 + MAX_SIZE + 3);
        open.getFirst().complete(null);

        assertThat(sent).hasSize(3);
        assertThat(sent.getLast())
                .containsExactlyElementsOf(IntStream.range(2, 2 + MAX_SIZE).boxed().toList());
        open.get(1).fail(new IllegalStateException("it fails"));
        assertThat(sent.getLast()).containsExactly(12, 13, 14);
    }

    /** Neither of the two requests is ever answered. */
    @Test
    void callersBehindSlowRequests_areSentWithoutAnAnswer() {
        Gatherer<Integer, List<Integer>> impatient = gatherer(Duration.ofMillis(200));
        IntStream.range(0, 4).forEach(impatient::add);

        await().atMost(TIMEOUT).until(() -> sent.stream().mapToInt(List::size).sum() == 4);
        assertThat(open).hasSize(sent.size());
    }

    /** The same with requests that are answered at once, from many threads. */
    @Test
    void callersOfManyThreads_areEachSentOnce() throws Exception {
        List<Integer> received = new CopyOnWriteArrayList<>();
        Gatherer<Integer, Integer> immediate =
                new Gatherer<>(
                        () -> 2,
                        waiting -> waiting.remove(),
                        caller -> {
                            received.add(caller);
                            return Uni.createFrom().voidItem();
                        });
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            for (int i = 0; i < 5_000; i++) {
                int caller = i;
                threads.execute(() -> immediate.add(caller));
            }
        }

        assertThat(received)
                .containsExactlyInAnyOrderElementsOf(IntStream.range(0, 5_000).boxed().toList());
        assertThat(immediate.waiting()).isZero();
    }

    private void add(int from, int to) {
        IntStream.range(from, to).forEach(gatherer::add);
    }
}
