package dev.parley.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.local.LocalOffsets;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** How many records the group is done with, looked up all along, and known while nobody answers. */
final class Progress implements AutoCloseable {

    private static final int EVERY_MS = 200;

    private final LocalOffsets offsets;
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
    private volatile long committed;

    Progress(String bootstrapServers) {
        offsets = new LocalOffsets(bootstrapServers);
        var _ = clock.scheduleWithFixedDelay(this::lookUp, 0, EVERY_MS, TimeUnit.MILLISECONDS);
    }

    private void lookUp() {
        try {
            committed = offsets.committed().values().stream().mapToLong(Long::longValue).sum();
        } catch (IllegalStateException e) {
            // The broker is away for longer than a client waits.
        }
    }

    long committed() {
        return committed;
    }

    void awaitCommitted(long records, Duration patience) {
        await().atMost(patience).until(() -> committed >= records);
    }

    /** Waits until the group is done with all that there is. */
    void awaitAll(Duration patience) {
        await().atMost(patience)
                .pollInterval(Duration.ofMillis(EVERY_MS))
                .untilAsserted(() -> assertThat(offsets.committed()).isEqualTo(offsets.ends()));
    }

    @Override
    public void close() {
        clock.shutdownNow();
        offsets.close();
    }
}
