package dev.parley.security;

import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.stream.Stream;

/** Where the page is: its files tell nothing of anybody, so no token is needed to get them. */
public final class PagePaths {

    public static final String FILES = "/ui/";

    /** Of the jars of other projects, which have their versions in their paths. */
    public static final List<String> LIBRARIES = List.of("/_static/", "/webjars/");

    /** To the provider, and back with its answer. */
    public static final String SIGN_IN = "/ui/sign-in";

    public static final String SIGN_OUT = "/ui/sign-out";

    /** Tells the page who looks at it. */
    public static final String READER = "/ui/reader";

    private PagePaths() {}

    /** A path that can be read in another way is none of these. */
    static boolean isOpen(RoutingContext request) {
        String path = request.normalizedPath();
        return path.equals(request.request().path())
                && !path.equals(SIGN_IN)
                && Stream.concat(Stream.of(FILES), LIBRARIES.stream()).anyMatch(path::startsWith);
    }
}
