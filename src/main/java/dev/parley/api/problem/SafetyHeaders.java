package dev.parley.api.problem;

import io.vertx.ext.web.RoutingContext;

/** What each response tells browsers for the safety of those who read. */
final class SafetyHeaders {

    /** A year, in seconds. */
    private static final String ONLY_TLS = "max-age=31536000";

    private SafetyHeaders() {}

    static void put(RoutingContext context) {
        // JSON that someone made up to look like a page stays JSON.
        context.response().putHeader("X-Content-Type-Options", "nosniff");
        // RFC 6797 forbids it elsewhere; behind a proxy that ends TLS, the proxy says it.
        if (context.request().isSSL()) {
            context.response().putHeader("Strict-Transport-Security", ONLY_TLS);
        }
    }
}
