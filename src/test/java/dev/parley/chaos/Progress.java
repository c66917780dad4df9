package dev.parley.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.local.LocalOffsets;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Polls how many records the group has committed. While the broker is down, it keeps the number.
 */
final class Progress implements AutoCloseable {

    private static final int POLL_INTERVAL_MS = 200;

    private final LocalOffsets offsets;
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
    private volatile long committed;

    Progress(String bootstrapServers) {
        offsets = new LocalOffsets(bootstrapServers);
        var _ =
                clock.scheduleWithFixedDelay(
                        this::poll, 0, POLL_INTERVAL_MS, TimeUnit.MILLISECONDS);
    }

    private void poll() {
        try {
            committed = offsets.committed().values().stream().mapToLong(Long::longValue).sum();
        } catch (IllegalStateException e) {
            // The broker is down for longer than the client's timeout. The last number stays valid.
        }
    }

    long committed() {
        return committed;
    }

    void awaitCommitted(long records, Duration timeout) {
        await().atMost(timeout).until(() -> committed >= records);
    }

    /** Waits until the group has committed all records of the topic. */
    void awaitAll(Duration timeout) {
        await().atMost(timeout)
                .pollInterval(Duration.ofMillis(POLL_INTERVAL_MS))
                .untilAsserted(
                        () -> assertThat(offsets.committed()).isEqualTo(offsets.endOffsets()));
    }

    @Override
    public void close() {
        clock.shutdownNow();
        offsets.close();
    }
}
