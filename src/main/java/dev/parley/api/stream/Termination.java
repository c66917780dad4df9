package dev.parley.api.stream;

import dev.parley.RouteOrder;
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
 * Signals that the service has to shut down. Quarkus waits for {@code quarkus.shutdown.delay} and
 * for the requests in flight before it notifies the application, and a stream that does not end by
 * itself would only delay that.
 */
@Startup // created during the shutdown, it could not register its hook any more
@Singleton
public class Termination {

    private static final Logger LOG = Logger.getLogger(Termination.class);

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
     * Makes clients close the connections that they keep, while there is still a response on them.
     * A load balancer that only knows connections would otherwise keep them until the end.
     */
    void mount(@Observes Router router) {
        router.route().order(RouteOrder.SHUTDOWN).handler(this::addCloseHeader);
    }

    private void addCloseHeader(RoutingContext context) {
        // HTTP/2 forbids this header. It has a frame for the purpose, which Quarkus sends.
        if (begun && context.request().version() != HttpVersion.HTTP_2) {
            context.response().putHeader("Connection", "close");
        }
        context.next();
    }

    /** Never emits an item. Completes when the service has to shut down. */
    public Multi<Void> service() {
        return service;
    }

    /**
     * Sends the signal if it was not sent yet: in dev mode and in tests, an application ends while
     * the JVM continues.
     */
    void onStop(@Observes ShutdownEvent stop) {
        service.onComplete();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            LOG.debug("The JVM shuts down, too", e);
        }
    }
}
