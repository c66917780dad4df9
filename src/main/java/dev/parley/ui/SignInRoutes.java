package dev.parley.ui;

import dev.parley.RouteOrder;
import dev.parley.security.SignIn;
import dev.parley.security.UiPaths;
import io.quarkus.security.AuthenticationCompletionException;
import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.AuthenticationRedirectException;
import io.quarkus.vertx.http.runtime.security.HttpAuthenticator;
import io.vertx.core.http.Cookie;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;

/**
 * The routes by which readers of the UI sign in and out. A request that gets to their handlers has
 * passed the provider.
 */
@Singleton
class SignInRoutes {

    private static final String JSON = "application/json";

    private static final String TO = "to";
    private static final String FAILED = UiPaths.FILES + "?error=sign_in_failed";

    private final SignIn signIn;
    private final HttpAuthenticator authenticator;

    SignInRoutes(SignIn signIn, HttpAuthenticator authenticator) {
        this.signIn = signIn;
        this.authenticator = authenticator;
    }

    void mount(@Observes Router router) {
        router.get(UiPaths.SIGN_IN).handler(SignInRoutes::completeSignIn);
        router.route().order(RouteOrder.SIGN_IN_FAILURES).failureHandler(this::handleFailure);
        router.post(UiPaths.SIGN_OUT).handler(SignInRoutes::signOut);
        router.get(UiPaths.READER).handler(this::reader);
    }

    /**
     * Redirects to the address that the reader wanted to see. It is always within the UI, whatever
     * the link contains.
     */
    private static void completeSignIn(RoutingContext context) {
        redirect(
                context,
                Optional.ofNullable(context.request().getParam(TO))
                        .flatMap(SignInRoutes::withinUi)
                        .orElse(UiPaths.FILES));
    }

    /**
     * Returns the address if it is within the UI. It is in the characters of a URI, because a line
     * break would end the header.
     */
    private static Optional<String> withinUi(String to) {
        try {
            URI address = new URI(to).normalize();
            boolean relative = !address.isAbsolute() && address.getRawAuthority() == null;
            return Optional.of(address.toASCIIString())
                    .filter(text -> relative && text.startsWith(UiPaths.FILES));
        } catch (URISyntaxException e) {
            return Optional.empty();
        }
    }

    /** Ends the session here, even if the provider has no way to end its own. */
    private static void signOut(RoutingContext context) {
        SignIn.cookies(context).forEach(name -> context.response().addCookie(expiredCookie(name)));
        redirectAfterSignOut(context, UiPaths.FILES);
    }

    /**
     * Redirects during the sign-out: to the provider, which ends its session, or to the UI. A
     * script can't see where a response redirects to, and may not send a form there, so it gets the
     * address in the body.
     */
    private static void redirectAfterSignOut(RoutingContext context, String to) {
        if (JSON.equals(context.request().getHeader("Accept"))) {
            context.response().setStatusCode(200);
            sendJson(context, new JsonObject().put("location", to));
        } else {
            context.response().setStatusCode(303).putHeader("Location", to).end();
        }
    }

    /** Handles a failure, which may be a step on the way to the provider or back from it. */
    private void handleFailure(RoutingContext context) {
        boolean signingIn = signIn.isOn() && UiPaths.SIGN_IN.equals(context.request().path());
        switch (context.failure()) {
            case AuthenticationRedirectException step when isSignOut(context) ->
                    redirectAfterSignOut(context, step.getRedirectUri());
            case AuthenticationRedirectException step -> redirect(context, step.getRedirectUri());
            case AuthenticationFailedException unknown when signingIn ->
                    redirectToProvider(context);
            // The provider refused the sign-in, or its response is not valid. Quarkus has logged
            // which.
            case AuthenticationCompletionException refusal when signingIn ->
                    redirect(context, FAILED);
            case null, default -> context.next();
        }
    }

    private static boolean isSignOut(RoutingContext context) {
        return UiPaths.SIGN_OUT.equals(context.request().path());
    }

    private void redirectToProvider(RoutingContext context) {
        authenticator
                .sendChallenge(context)
                .subscribe()
                .with(
                        challenged -> {
                            // Without a redirect, this is a response of the provider that no
                            // sign-in waits for any more.
                            if (context.response().getStatusCode() == 302) {
                                context.response().end();
                            } else {
                                redirect(context, FAILED);
                            }
                        },
                        context::fail);
    }

    private static Cookie expiredCookie(String name) {
        return Cookie.cookie(name, "").setPath("/").setMaxAge(0).setHttpOnly(true);
    }

    private static void redirect(RoutingContext context, String path) {
        context.response().setStatusCode(302).putHeader("Location", path).end();
    }

    private void reader(RoutingContext context) {
        JsonObject reader = new JsonObject().put("signsIn", signIn.isOn());
        SignIn.reader(context).ifPresent(name -> reader.put("name", name));
        sendJson(context, reader);
    }

    private static void sendJson(RoutingContext context, JsonObject json) {
        context.response().putHeader("Content-Type", JSON).end(json.encode());
    }
}
