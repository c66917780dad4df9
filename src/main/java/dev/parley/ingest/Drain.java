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
    private static final Duration POLL_INTERVAL = Duration.ofMillis(20);

    private final Shutdown shutdown;
    private final IngestMetrics metrics;
    private final IngestConfig config;

    Drain(Shutdown shutdown, IngestMetrics metrics, IngestConfig config) {
        this.shutdown = shutdown;
        this.metrics = metrics;
        this.config = config;
    }

    /**
     * Waits for the batch in flight. The connector ends after this, when the application itself
     * ends.
     */
    void onStop(@Observes ShutdownEvent stop) {
        shutdown.begin();
        long start = System.nanoTime();
        awaitNothingInFlight(start + config.drainTimeout().toNanos());
        Duration taken = Duration.ofNanos(System.nanoTime() - start);
        long left = metrics.inFlight();
        if (left == 0) {
            LOG.infof("Drained in %s: all records in flight are settled", taken);
        } else {
            LOG.warnf(
                    "Not drained after %s: %d records in flight will be delivered again",
                    taken, left);
        }
    }

    private void awaitNothingInFlight(long deadline) {
        try {
            while (metrics.inFlight() > 0 && System.nanoTime() < deadline) {
                Thread.sleep(POLL_INTERVAL);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
