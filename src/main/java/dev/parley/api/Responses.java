package dev.parley.api;

import jakarta.ws.rs.core.CacheControl;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import org.jspecify.annotations.Nullable;

/** What responses have in common. */
final class Responses {

    private Responses() {}

    /**
     * Returns a part of a list, and a link to the next part. The link is relative to this host,
     * whatever name a proxy has given it.
     *
     * @param next the token of the next part; null at the end of the list
     */
    static Response part(Object view, @Nullable String next, UriInfo uri) {
        Response.ResponseBuilder response =
                Response.ok(view, MediaType.APPLICATION_JSON_TYPE).cacheControl(noStore());
        if (next != null) {
            var link = uri.getRequestUriBuilder().replaceQueryParam("pageToken", next).build();
            response.header(
                    HttpHeaders.LINK,
                    "<%s?%s>; rel=\"next\"".formatted(link.getRawPath(), link.getRawQuery()));
        }
        return response.build();
    }

    /**
     * Returns the header that keeps what people said out of every cache, including that of a
     * browser.
     */
    static CacheControl noStore() {
        CacheControl noStore = new CacheControl();
        noStore.setNoStore(true);
        noStore.setNoTransform(false);
        return noStore;
    }
}
