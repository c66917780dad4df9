package dev.parley.ui;

import dev.parley.security.PagePaths;
import dev.parley.security.SignIn;
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

/** Where the page's readers come in and go out; what gets here is past the provider. */
@Singleton
class SignInRoutes {

    private static final String JSON = "application/json";

    private static final String TO = "to";
    private static final String FAILED = PagePaths.FILES + "?error=sign_in_failed";

    /** RouterProblems', which would tell of them. */
    private static final int BEFORE_PROBLEMS = -1_001;

    private final SignIn signIn;
    private final HttpAuthenticator authenticator;

    SignInRoutes(SignIn signIn, HttpAuthenticator authenticator) {
        this.signIn = signIn;
        this.authenticator = authenticator;
    }

    void mount(@Observes Router router) {
        router.get(PagePaths.SIGN_IN).handler(SignInRoutes::signedIn);
        router.route().order(BEFORE_PROBLEMS).failureHandler(this::failed);
        router.post(PagePaths.SIGN_OUT).handler(SignInRoutes::signedOut);
        router.get(PagePaths.READER).handler(this::reader);
    }

    /** Back to where they wanted to look, which is of the page, whatever the link says. */
    private static void signedIn(RoutingContext context) {
        lead(
                context,
                Optional.ofNullable(context.request().getParam(TO))
                        .flatMap(SignInRoutes::ofThePage)
                        .orElse(PagePaths.FILES));
    }

    /** In the characters of a URI: a line break in a header would be the end of it. */
    private static Optional<String> ofThePage(String to) {
        try {
            URI address = new URI(to).normalize();
            boolean here = !address.isAbsolute() && address.getRawAuthority() == null;
            return Optional.of(address.toASCIIString())
                    .filter(text -> here && text.startsWith(PagePaths.FILES));
        } catch (URISyntaxException e) {
            return Optional.empty();
        }
    }

    /** Where the provider knows no end of a session, this one ends all the same. */
    private static void signedOut(RoutingContext context) {
        SignIn.cookies(context).forEach(name -> context.response().addCookie(gone(name)));
        leadOut(context, PagePaths.FILES);
    }

    /**
     * On the way out: to the provider, which ends its session, or to the page. A script can't see
     * where an answer leads, and may not send a form there, so it is told.
     */
    private static void leadOut(RoutingContext context, String to) {
        if (JSON.equals(context.request().getHeader("Accept"))) {
            context.response().setStatusCode(200);
            answer(context, new JsonObject().put("location", to));
        } else {
            context.response().setStatusCode(303).putHeader("Location", to).end();
        }
    }

    /** What fails may be a step on the way to the provider, or back from it. */
    private void failed(RoutingContext context) {
        boolean here = signIn.isOn() && PagePaths.SIGN_IN.equals(context.request().path());
        switch (context.failure()) {
            case AuthenticationRedirectException step when isOut(context) ->
                    leadOut(context, step.getRedirectUri());
            case AuthenticationRedirectException step -> lead(context, step.getRedirectUri());
            case AuthenticationFailedException unknown when here -> leadToProvider(context);
            // The provider let nobody in, or its answer is no good: Quarkus has logged which.
            case AuthenticationCompletionException refusal when here -> lead(context, FAILED);
            case null, default -> context.next();
        }
    }

    private static boolean isOut(RoutingContext context) {
        return PagePaths.SIGN_OUT.equals(context.request().path());
    }

    private void leadToProvider(RoutingContext context) {
        authenticator
                .sendChallenge(context)
                .subscribe()
                .with(
                        challenged -> {
                            // An answer that nobody waits for any more: no way leads on from it.
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
