package dev.parley.ingest;

import io.smallrye.mutiny.Uni;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Tries again without end what something outside may let succeed later, with growing pauses and
 * jitter. An outage lasts from the first failure until nothing waits for another try any more; the
 * log is told of it once, and of its end, however many attempts wait.
 */
final class Backoff {

    private static final Logger LOG = Logger.getLogger(Backoff.class);

    /** Of each pause, up or down, so that those who failed together don't come back together. */
    private static final double JITTER = 0.5;

    /** Since when something has been failing, and why it failed last. */
    record Outage(Instant since, String reason) {}

    private final String of;
    private final Predicate<Throwable> maySucceedLater;
    private final IngestConfig config;
    private final IngestMetrics metrics;
    private final Clock clock;
    private @Nullable Outage outage;
    private int waiting;

    /**
     * @param of what may be away, in words for the log
     * @param maySucceedLater which failures are worth another try; any other is passed on
     */
    Backoff(
            String of,
            Predicate<Throwable> maySucceedLater,
            IngestConfig config,
            IngestMetrics metrics,
            Clock clock) {
        this.of = of;
        this.maySucceedLater = maySucceedLater;
        this.config = config;
        this.metrics = metrics;
        this.clock = clock;
    }

    /** The attempt, subscribed to again until it succeeds or fails for good. */
    <T> Uni<T> untilItSucceeds(Uni<T> attempt) {
        return Uni.createFrom()
                .deferred(
                        () -> {
                            AtomicBoolean waits = new AtomicBoolean();
                            return attempt.onFailure(maySucceedLater)
                                    .invoke(failure -> failed(failure, waits))
                                    .onFailure(maySucceedLater)
                                    .retry()
                                    .withBackOff(config.retryFirst(), config.retryLongest())
                                    .withJitter(JITTER)
                                    .indefinitely()
                                    .onTermination()
                                    .invoke(() -> over(waits));
                        });
    }

    /** The present outage, if something waits for another try. */
    synchronized Optional<Outage> outage() {
        return Optional.ofNullable(outage);
    }

    private synchronized void failed(Throwable failure, AtomicBoolean waits) {
        metrics.retried();
        waiting += waits.getAndSet(true) ? 0 : 1;
        Outage known = outage;
        outage = new Outage(known == null ? clock.instant() : known.since(), reason(failure));
        if (known == null) {
            LOG.warnf("%s failed; trying again until it succeeds: %s", of, reason(failure));
        }
    }

    private synchronized void over(AtomicBoolean waits) {
        Outage known = outage;
        waiting -= waits.get() ? 1 : 0;
        if (known != null && waiting == 0) {
            outage = null;
            LOG.infof(
                    "%s works again after %s",
                    of, Duration.between(known.since(), clock.instant()));
        }
    }

    private static String reason(Throwable failure) {
        String message = failure.getMessage();
        return message == null ? failure.getClass().getSimpleName() : message;
    }
}
