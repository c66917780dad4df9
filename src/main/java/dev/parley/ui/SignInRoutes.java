package dev.parley.ui;

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

    /** Before RouterProblems, which would answer these failures with a problem. */
    private static final int BEFORE_PROBLEMS = -1_001;

    private final SignIn signIn;
    private final HttpAuthenticator authenticator;

    SignInRoutes(SignIn signIn, HttpAuthenticator authenticator) {
        this.signIn = signIn;
        this.authenticator = authenticator;
    }

    void mount(@Observes Router router) {
        router.get(UiPaths.SIGN_IN).handler(SignInRoutes::signedIn);
        router.route().order(BEFORE_PROBLEMS).failureHandler(this::failed);
        router.post(UiPaths.SIGN_OUT).handler(SignInRoutes::signedOut);
        router.get(UiPaths.READER).handler(this::reader);
    }

    /**
     * Redirects to the address that the reader wanted to see. It is always within the UI, whatever
     * the link contains.
     */
    private static void signedIn(RoutingContext context) {
        lead(
                context,
                Optional.ofNullable(context.request().getParam(TO))
                        .flatMap(SignInRoutes::ofThePage)
                        .orElse(UiPaths.FILES));
    }

    /**
     * Returns the address if it is within the UI. It is in the characters of a URI, because a line
     * break would end the header.
     */
    private static Optional<String> ofThePage(String to) {
        try {
            URI address = new URI(to).normalize();
            boolean here = !address.isAbsolute() && address.getRawAuthority() == null;
            return Optional.of(address.toASCIIString())
                    .filter(text -> here && text.startsWith(UiPaths.FILES));
        } catch (URISyntaxException e) {
            return Optional.empty();
        }
    }

    /** Ends the session here, even if the provider has no way to end its own. */
    private static void signedOut(RoutingContext context) {
        SignIn.cookies(context).forEach(name -> context.response().addCookie(gone(name)));
        leadOut(context, UiPaths.FILES);
    }

    /**
     * Redirects during the sign-out: to the provider, which ends its session, or to the UI. A
     * script can't see where a response redirects to, and may not send a form there, so it gets the
     * address in the body.
     */
    private static void leadOut(RoutingContext context, String to) {
        if (JSON.equals(context.request().getHeader("Accept"))) {
            context.response().setStatusCode(200);
            answer(context, new JsonObject().put("location", to));
        } else {
            context.response().setStatusCode(303).putHeader("Location", to).end();
        }
    }

    /** Handles a failure, which may be a step on the way to the provider or back from it. */
    private void failed(RoutingContext context) {
        boolean here = signIn.isOn() && UiPaths.SIGN_IN.equals(context.request().path());
        switch (context.failure()) {
            case AuthenticationRedirectException step when isOut(context) ->
                    leadOut(context, step.getRedirectUri());
            case AuthenticationRedirectException step -> lead(context, step.getRedirectUri());
            case AuthenticationFailedException unknown when here -> leadToProvider(context);
            // The provider refused the sign-in, or its response is not valid. Quarkus has logged
            // which.
            case AuthenticationCompletionException refusal when here -> lead(context, FAILED);
            case null, default -> context.next();
        }
    }

    private static boolean isOut(RoutingContext context) {
        return UiPaths.SIGN_OUT.equals(context.request().path());
    }

    private void leadToProvider(RoutingContext context) {
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
                                lead(context, FAILED);
                            }
                        },
                        context::fail);
    }

    private static Cookie gone(String name) {
        return Cookie.cookie(name, "").setPath("/").setMaxAge(0).setHttpOnly(true);
    }

    private static void lead(RoutingContext context, String path) {
        context.response().setStatusCode(302).putHeader("Location", path).end();
    }

    private void reader(RoutingContext context) {
        JsonObject reader = new JsonObject().put("signsIn", signIn.isOn());
        SignIn.reader(context).ifPresent(name -> reader.put("name", name));
        answer(context, reader);
    }

    private static void answer(RoutingContext context, JsonObject json) {
        context.response().putHeader("Content-Type", JSON).end(json.encode());
    }
}
