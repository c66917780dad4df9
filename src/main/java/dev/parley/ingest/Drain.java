package dev.parley.ingest;

import io.quarkus.runtime.ShutdownEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import org.jboss.logging.Logger;

/**
 * Ends ingestion in order: no further batch starts, the batch in flight is settled, and only then
 * the connector commits and leaves the group. So the instance that takes over starts where this
 * instance stopped. Records that can't be settled in time are delivered again, which does no harm.
 */
@ApplicationScoped
class Drain {

    private static final Logger LOG = Logger.getLogger(Drain.class);
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(20);

    private final Shutdown ending;
    private final IngestMetrics metrics;
    private final IngestConfig config;

    Drain(Shutdown ending, IngestMetrics metrics, IngestConfig config) {
        this.ending = ending;
        this.metrics = metrics;
        this.config = config;
    }

    /**
     * Waits for the batch in flight. The connector ends after this, when the application itself
     * ends.
     */
    void onStop(@Observes ShutdownEvent stop) {
        ending.begin();
        long start = System.nanoTime();
        awaitNothingInFlight(start + config.drainTimeout().toNanos());
        Duration taken = Duration.ofNanos(System.nanoTime() - start);
        long left = metrics.inFlight();
        if (left == 0) {
            LOG.infof("Drained in %s: all that was begun is settled", taken);
        } else {
            LOG.warnf(
                    "Not drained after %s: %d records in flight will be delivered again",
                    taken, left);
        }
    }

    private void awaitNothingInFlight(long deadline) {
        try {
            while (metrics.inFlight() > 0 && System.nanoTime() < deadline) {
                Thread.sleep(BETWEEN_LOOKS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
