package dev.parley.api.problem;

import io.vertx.ext.web.RoutingContext;

/** Writes the headers of each response that protect its readers in browsers. */
final class SafetyHeaders {

    /** A year, in seconds. */
    private static final String ONLY_TLS = "max-age=31536000";

    private SafetyHeaders() {}

    static void put(RoutingContext context) {
        // JSON that was made to look like HTML stays JSON.
        context.response().putHeader("X-Content-Type-Options", "nosniff");
        // RFC 6797 forbids this header without TLS. If a proxy ends TLS, the proxy sends the
        // header.
        if (context.request().isSSL()) {
            context.response().putHeader("Strict-Transport-Security", ONLY_TLS);
        }
    }
}
