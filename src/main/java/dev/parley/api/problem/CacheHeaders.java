package dev.parley.api.problem;

import io.vertx.core.MultiMap;
import io.vertx.ext.web.RoutingContext;
import java.util.Arrays;

/**
 * Writes the header {@code Vary}, which states for caches which headers of a request its response
 * depends on.
 */
final class CacheHeaders {

    private static final String VARY = "Vary";

    private CacheHeaders() {}

    /** Writes the header once the other headers of the response are known. */
    static void put(RoutingContext context) {
        context.addHeadersEndHandler(
                end -> {
                    MultiMap headers = context.response().headers();
                    // Netty compresses every response, large or small, if the client accepts it.
                    vary(headers, "Accept-Encoding");
                    if (headers.contains("Access-Control-Allow-Origin")) {
                        vary(headers, "Origin");
                    }
                });
    }

    private static void vary(MultiMap headers, String name) {
        boolean listed =
                headers.getAll(VARY).stream()
                        .flatMap(value -> Arrays.stream(value.split(",", -1)))
                        .anyMatch(header -> header.strip().equalsIgnoreCase(name));
        if (!listed) {
            headers.add(VARY, name);
        }
    }
}
