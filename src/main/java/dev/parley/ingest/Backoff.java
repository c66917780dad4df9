package dev.parley.ingest;

import io.smallrye.mutiny.Uni;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Tries again without end what something outside may let succeed later, with growing pauses and
 * jitter. It remembers since when nothing has succeeded, and tells the log of an outage once, and
 * of its end, however many attempts wait.
 */
final class Backoff {

    private static final Logger LOG = Logger.getLogger(Backoff.class);

    /** Of each pause, up or down, so that those who failed together don't come back together. */
    private static final double JITTER = 0.5;

    /** Since when nothing has succeeded, and why. */
    record Outage(Instant since, String reason) {}

    private final String of;
    private final Predicate<Throwable> maySucceedLater;
    private final IngestConfig config;
    private final IngestMetrics metrics;
    private final Clock clock;
    private @Nullable Outage outage;

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

    /** The attempt, made again until it succeeds or fails for good. */
    <T> Uni<T> untilItSucceeds(Supplier<Uni<? extends T>> attempt) {
        return Uni.createFrom()
                .<T>deferred(attempt)
                .onFailure(maySucceedLater)
                .invoke(this::failed)
                .onFailure(maySucceedLater)
                .retry()
                .withBackOff(config.retryFirst(), config.retryLongest())
                .withJitter(JITTER)
                .indefinitely()
                .invoke(this::succeeded);
    }

    /** The present outage: something failed, and nothing has succeeded since. */
    synchronized Optional<Outage> outage() {
        return Optional.ofNullable(outage);
    }

    private synchronized void failed(Throwable failure) {
        metrics.retried();
        Outage known = outage;
        outage = new Outage(known == null ? clock.instant() : known.since(), reason(failure));
        if (known == null) {
            LOG.warnf("%s failed; trying again until it succeeds: %s", of, reason(failure));
        }
    }

    private synchronized void succeeded() {
        Outage over = outage;
        if (over != null) {
            outage = null;
            LOG.infof(
                    "%s works again after %s", of, Duration.between(over.since(), clock.instant()));
        }
    }

    private static String reason(Throwable failure) {
        String message = failure.getMessage();
        return message == null ? failure.getClass().getSimpleName() : message;
    }
}
