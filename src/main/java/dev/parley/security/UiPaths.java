package dev.parley.security;

import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.stream.Stream;

/**
 * The paths of the UI. Its files contain no data of any person, so no token is needed to get them.
 */
public final class UiPaths {

    public static final String FILES = "/ui/";

    /**
     * The paths of files in the jars of other projects, which contain the versions of these
     * projects.
     */
    public static final List<String> LIBRARIES = List.of("/_static/", "/webjars/");

    /**
     * The path that redirects to the provider, and to which the provider redirects back with its
     * response.
     */
    public static final String SIGN_IN = "/ui/sign-in";

    public static final String SIGN_OUT = "/ui/sign-out";

    /** The path that reports to the UI who is signed in. */
    public static final String READER = "/ui/reader";

    private UiPaths() {}

    /**
     * Returns whether a request needs no token, by its path. A path that is not normalized always
     * needs one.
     */
    static boolean isOpen(RoutingContext request) {
        String path = request.normalizedPath();
        return path.equals(request.request().path())
                && !path.equals(SIGN_IN)
                && Stream.concat(Stream.of(FILES), LIBRARIES.stream()).anyMatch(path::startsWith);
    }
}
