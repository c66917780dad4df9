package dev.parley.security;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;

/**
 * Brings a request back to where it belongs once it is known whose it is. Quarkus asks the provider
 * once for all requests that want to renew the same token, and each of them would go on where the
 * first one is: in its request scope, which ends with it.
 */
@Singleton
class OwnContext {

    private static final String KEY = OwnContext.class.getName();

    /** Before all that Quarkus does with a request. */
    private static final int FIRST = -1_002;

    /** Quarkus finds out at -200 who it is, and at -100 what they may do. */
    private static final int ONCE_KNOWN = -150;

    private final SignIn signIn;

    OwnContext(SignIn signIn) {
        this.signIn = signIn;
    }

    /** Tokens that come with a request are looked at without asking anybody. */
    void mount(@Observes Router router) {
        if (signIn.isOn()) {
            router.route().order(FIRST).handler(OwnContext::remember);
            router.route().order(ONCE_KNOWN).handler(OwnContext::comeBack);
        }
    }

    private static void remember(RoutingContext request) {
        request.put(KEY, Vertx.currentContext());
        request.next();
    }

    private static void comeBack(RoutingContext request) {
        Context own = request.get(KEY);
        if (own == null || own.equals(Vertx.currentContext())) {
            request.next();
        } else {
            own.runOnContext(here -> request.next());
        }
    }
}
