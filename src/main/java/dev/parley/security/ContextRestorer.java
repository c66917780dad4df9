package dev.parley.security;

import dev.parley.RouteOrder;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;

/**
 * Returns a request to its own Vert.x context once its sender is known. Quarkus sends one request
 * to the provider for all requests that renew the same token. Each of these requests would continue
 * in the context of the first one, with its request scope, which ends with the first request.
 */
@Singleton
class ContextRestorer {

    private static final String KEY = ContextRestorer.class.getName();

    private final SignIn signIn;

    ContextRestorer(SignIn signIn) {
        this.signIn = signIn;
    }

    /**
     * Adds the handlers if the UI signs readers in. A token that is sent with a request is
     * validated without a request to the provider.
     */
    void mount(@Observes Router router) {
        if (signIn.isOn()) {
            router.route().order(RouteOrder.SAVE_CONTEXT).handler(ContextRestorer::saveContext);
            router.route()
                    .order(RouteOrder.RESTORE_CONTEXT)
                    .handler(ContextRestorer::restoreContext);
        }
    }

    private static void saveContext(RoutingContext request) {
        request.put(KEY, Vertx.currentContext());
        request.next();
    }

    private static void restoreContext(RoutingContext request) {
        Context saved = request.get(KEY);
        if (saved == null || saved.equals(Vertx.currentContext())) {
            request.next();
        } else {
            saved.runOnContext(here -> request.next());
        }
    }
}
