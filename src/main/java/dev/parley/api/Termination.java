package dev.parley.api;

import io.quarkus.runtime.ShutdownEvent;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.operators.multi.processors.BroadcastProcessor;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import org.jboss.logging.Logger;

/**
 * Tells when the service was told to end. Quarkus waits for requests that are under way before it
 * tells anybody, so that what has no end of its own would only hold it up.
 */
@Singleton
class Termination {

    private static final Logger LOG = Logger.getLogger(Termination.class);

    private final BroadcastProcessor<Void> service = BroadcastProcessor.create();
    private final Thread hook = new Thread(service::onComplete, "termination");

    Termination() {
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /** Never gives an item; completes when the service was told to end. */
    Multi<Void> service() {
        return service;
    }

    /** In dev mode and in tests an application ends, and the JVM goes on. */
    void onStop(@Observes ShutdownEvent stop) {
        service.onComplete();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            LOG.debug("The JVM ends, too", e);
        }
    }
}
