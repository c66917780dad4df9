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
 * between two attempts grow and have jitter. While operations wait for another attempt and none has
 * succeeded since the latest failure, there is an outage. If some succeed meanwhile, the external
 * system works, and only some operations fail, such as writes of a session whose partition is too
 * hot. The log reports once when the first operation begins to wait, and once when none waits any
 * longer.
 */
final class Backoff {

    private static final Logger LOG = Logger.getLogger(Backoff.class);

    /**
     * The jitter, as a fraction of each pause, up or down. It spreads the next attempts of
     * operations that failed together.
     */
    private static final double JITTER = 0.5;

    /** An outage: its first failure, and the reason of the latest one. */
    record Outage(Instant since, String reason) {}

    private final String operation;
    private final Predicate<Throwable> maySucceedLater;
    private final IngestConfig config;
    private final IngestMetrics metrics;
    private final Clock clock;
    private @Nullable Outage outage;
    private @Nullable Instant firstFailure;
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
                                    .onItem()
                                    .invoke(this::succeeded)
                                    .onTermination()
                                    .invoke(() -> over(waits));
                        });
    }

    /**
     * Returns the current outage; empty if no operation waits for another attempt, or if another
     * one has succeeded since.
     */
    synchronized Optional<Outage> outage() {
        return Optional.ofNullable(outage);
    }

    /** Returns how many operations wait for another attempt. */
    synchronized int waiting() {
        return waiting;
    }

    private synchronized void failed(Throwable failure, AtomicBoolean waits) {
        metrics.retried();
        waiting += waits.getAndSet(true) ? 0 : 1;
        Instant now = clock.instant();
        outage = new Outage(outage == null ? now : outage.since(), reason(failure));
        if (firstFailure == null) {
            firstFailure = now;
            LOG.warnf("%s failed; trying again until it succeeds: %s", operation, reason(failure));
        }
    }

    private synchronized void succeeded() {
        outage = null;
    }

    private synchronized void over(AtomicBoolean waits) {
        waiting -= waits.get() ? 1 : 0;
        if (waiting == 0) {
            outage = null;
        }
        if (firstFailure != null && waiting == 0) {
            LOG.infof(
                    "%s works again after %s",
                    operation, Duration.between(firstFailure, clock.instant()));
            firstFailure = null;
        }
    }

    private static String reason(Throwable failure) {
        String message = failure.getMessage();
        return message == null ? failure.getClass().getSimpleName() : message;
    }
}
