package dev.parley.api.problem;

import io.vertx.core.MultiMap;
import io.vertx.ext.web.RoutingContext;
import java.util.Arrays;

/** Tells caches on which of a request's headers its answer depends. */
final class CacheHeaders {

    private static final String VARY = "Vary";

    private CacheHeaders() {}

    /** Once the answer's other headers are known. */
    static void put(RoutingContext context) {
        context.addHeadersEndHandler(
                end -> {
                    MultiMap headers = context.response().headers();
                    // Netty compresses what is large or small, by what the client takes.
                    vary(headers, "Accept-Encoding");
                    if (headers.contains("Access-Control-Allow-Origin")) {
                        vary(headers, "Origin");
                    }
                });
    }

    private static void vary(MultiMap headers, String name) {
        boolean told =
                headers.getAll(VARY).stream()
                        .flatMap(value -> Arrays.stream(value.split(",", -1)))
                        .anyMatch(each -> each.strip().equalsIgnoreCase(name));
        if (!told) {
            headers.add(VARY, name);
        }
    }
}
