package dev.parley.api.stream;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.Startup;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.operators.multi.processors.BroadcastProcessor;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import org.jboss.logging.Logger;

/**
 * Tells when the service was told to end. Quarkus waits {@code quarkus.shutdown.delay}, and for
 * requests that are under way, before it tells anybody; what has no end of its own would only hold
 * it up.
 */
@Startup // made at the end, it would be too late to ask for word of it
@Singleton
public class Termination {

    private static final Logger LOG = Logger.getLogger(Termination.class);

    /** Before whatever may answer. */
    private static final int FIRST = -2_000;

    private final BroadcastProcessor<Void> service = BroadcastProcessor.create();
    private final Thread hook = new Thread(this::begin, "termination");
    private volatile boolean begun;

    Termination() {
        Runtime.getRuntime().addShutdownHook(hook);
    }

    private void begin() {
        begun = true;
        service.onComplete();
    }

    /**
     * Clients leave the connections that they keep while there is still an answer on them. A load
     * balancer that knows of connections only would leave them where they are to the end.
     */
    void mount(@Observes Router router) {
        router.route().order(FIRST).handler(this::sayGoodbye);
    }

    private void sayGoodbye(RoutingContext context) {
        // HTTP/2 has a frame for that, which Quarkus sends, and forbids the header.
        if (begun && context.request().version() != HttpVersion.HTTP_2) {
            context.response().putHeader("Connection", "close");
        }
        context.next();
    }

    /** Never gives an item; completes when the service was told to end. */
    public Multi<Void> service() {
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
