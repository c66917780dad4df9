package dev.parley.api;

import jakarta.ws.rs.core.CacheControl;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import org.jspecify.annotations.Nullable;

/** What answers have in common. */
final class Responses {

    private Responses() {}

    /**
     * A part of a list, and where it goes on: the link is relative to this host, whatever name a
     * proxy has given it.
     *
     * @param next the next part's token; null at the end
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

    /** What people said is kept by no cache, not by that of a browser either. */
    static CacheControl noStore() {
        CacheControl noStore = new CacheControl();
        noStore.setNoStore(true);
        noStore.setNoTransform(false);
        return noStore;
    }
}
