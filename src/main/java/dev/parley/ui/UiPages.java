package dev.parley.ui;

import dev.parley.RouteOrder;
import dev.parley.security.UiPaths;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;

/**
 * Redirects to the UI, and states what browsers may do with it. Quarkus itself serves the files:
 * those of Parley's own jar below {@code /ui/}, and those of the libraries' jars below two other
 * paths, which contain the versions of the libraries.
 */
@Singleton
class UiPages {

    /**
     * Lets browsers load, run and request only what this service serves. If malicious text ever
     * passes the sanitizer, nothing runs it, and it can't reach any other host. Text becomes HTML
     * in one place only: the browser refuses every other script that tries it.
     */
    private static final String CONTENT_SECURITY_POLICY =
            String.join(
                    "; ",
                    "default-src 'none'",
                    "script-src 'self'",
                    "style-src 'self'",
                    "img-src 'self' data:",
                    "connect-src 'self'",
                    "base-uri 'none'",
                    "form-action 'self'",
                    "frame-ancestors 'none'",
                    "require-trusted-types-for 'script'",
                    "trusted-types dompurify");

    /**
     * Revalidated at each request, because the HTML and its scripts must be of the same version.
     */
    private static final String REVALIDATED = "no-cache";

    /** A year, in seconds: the paths of these files contain their versions. */
    private static final String IMMUTABLE = "public, max-age=31536000, immutable";

    private final UiConfig config;

    UiPages(UiConfig config) {
        this.config = config;
    }

    void mount(@Observes Router router) {
        router.route().order(RouteOrder.UI).handler(this::handle);
    }

    private void handle(RoutingContext context) {
        String path = context.normalizedPath();
        boolean library = UiPaths.LIBRARIES.stream().anyMatch(path::startsWith);
        boolean ui = path.startsWith(UiPaths.FILES);
        if (!library && !ui) {
            redirectToUi(context, path);
        } else if (path.equals(UiPaths.SIGN_OUT)
                && !context.request().method().equals(HttpMethod.POST)) {
            // A link, or a browser that prefetches, must not sign the reader out.
            context.response().putHeader("Allow", "POST");
            context.fail(config.enabled() ? 405 : 404);
        } else if (config.enabled()) {
            context.addHeadersEndHandler(end -> addHeaders(context, library));
            context.next();
        } else {
            context.fail(404);
        }
    }

    private void redirectToUi(RoutingContext context, String path) {
        boolean root = path.equals("/") && isRead(context) && wantsHtml(context);
        if (config.enabled() && (root || path.equals("/ui"))) {
            context.response()
                    .setStatusCode(302)
                    .putHeader("Location", UiPaths.FILES)
                    .putHeader("Vary", "Accept")
                    .end();
        } else {
            context.next();
        }
    }

    private static boolean isRead(RoutingContext context) {
        HttpMethod method = context.request().method();
        return method.equals(HttpMethod.GET) || method.equals(HttpMethod.HEAD);
    }

    /**
     * Returns whether the client names HTML, as browsers do. A client that accepts any type gets
     * the plain text.
     */
    private static boolean wantsHtml(RoutingContext context) {
        return context.parsedHeaders().accept().stream()
                .anyMatch(
                        accepted ->
                                // The weight comes first, because this call parses the header.
                                accepted.weight() > 0
                                        && "text".equals(accepted.component())
                                        && "html".equals(accepted.subComponent()));
    }

    private static void addHeaders(RoutingContext context, boolean library) {
        MultiMap headers = context.response().headers();
        headers.set("Content-Security-Policy", CONTENT_SECURITY_POLICY);
        headers.set("Referrer-Policy", "no-referrer");
        headers.set("Cross-Origin-Opener-Policy", "same-origin");
        headers.set("Cross-Origin-Resource-Policy", "same-origin");
        headers.set("Cache-Control", library ? IMMUTABLE : REVALIDATED);
        if (!isFile(context)) {
            headers.set("Cache-Control", "no-store");
        }
    }

    private static boolean isFile(RoutingContext context) {
        int status = context.response().getStatusCode();
        String path = context.normalizedPath();
        return (status < 300 || status == 304)
                && !path.equals(UiPaths.READER)
                && !path.equals(UiPaths.SIGN_OUT);
    }
}
