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
 * Repeats an operation that fails because of an external system, until it succeeds. The pauses
 * between two attempts grow and have jitter. An outage starts with the first failure and ends when
 * no operation waits for another attempt. The log reports the start and the end of an outage once
 * each, however many operations wait.
 */
final class Backoff {

    private static final Logger LOG = Logger.getLogger(Backoff.class);

    /**
     * The jitter, as a fraction of each pause, up or down. It spreads the next attempts of
     * operations that failed together.
     */
    private static final double JITTER = 0.5;

    /** An outage: when it started, and the reason of the latest failure. */
    record Outage(Instant since, String reason) {}

    private final String operation;
    private final Predicate<Throwable> maySucceedLater;
    private final IngestConfig config;
    private final IngestMetrics metrics;
    private final Clock clock;
    private @Nullable Outage outage;
    private int waiting;

    /**
     * @param operation the name of the operation or the external system, for the log
     * @param maySucceedLater which failures are worth another attempt; any other failure is passed
     *     on
     */
    Backoff(
            String operation,
            Predicate<Throwable> maySucceedLater,
            IngestConfig config,
            IngestMetrics metrics,
            Clock clock) {
        this.operation = operation;
        this.maySucceedLater = maySucceedLater;
        this.config = config;
        this.metrics = metrics;
        this.clock = clock;
    }

    /** Subscribes to the attempt again until it succeeds, or fails in a way that is not retried. */
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

    /** Returns the current outage, or empty if no operation waits for another attempt. */
    synchronized Optional<Outage> outage() {
        return Optional.ofNullable(outage);
    }

    private synchronized void failed(Throwable failure, AtomicBoolean waits) {
        metrics.retried();
        waiting += waits.getAndSet(true) ? 0 : 1;
        Outage known = outage;
        outage = new Outage(known == null ? clock.instant() : known.since(), reason(failure));
        if (known == null) {
            LOG.warnf("%s failed; trying again until it succeeds: %s", operation, reason(failure));
        }
    }

    private synchronized void over(AtomicBoolean waits) {
        Outage known = outage;
        waiting -= waits.get() ? 1 : 0;
        if (known != null && waiting == 0) {
            outage = null;
            LOG.infof(
                    "%s works again after %s",
                    operation, Duration.between(known.since(), clock.instant()));
        }
    }

    private static String reason(Throwable failure) {
        String message = failure.getMessage();
        return message == null ? failure.getClass().getSimpleName() : message;
    }
}
