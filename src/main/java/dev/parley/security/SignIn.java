package dev.parley.security;

import io.quarkus.oidc.JavaScriptRequestChecker;
import io.quarkus.oidc.Oidc;
import io.quarkus.oidc.OidcTenantConfig;
import io.quarkus.oidc.TenantResolver;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.vertx.http.runtime.security.QuarkusHttpUser;
import io.vertx.core.http.Cookie;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.eclipse.microprofile.jwt.Claims;
import org.eclipse.microprofile.jwt.JsonWebToken;
import org.jboss.logging.Logger;

/**
 * Signing in to the page. Quarkus does it: the code flow of OpenID Connect with PKCE, with the
 * provider whose tokens are good anyway. What it leads to is a cookie that only this service can
 * read; no script ever sees a token. Requests with that cookie are read as their tenant {@code
 * page}, all others as the usual one.
 */
@Singleton
public class SignIn implements TenantResolver, JavaScriptRequestChecker {

    private static final Logger LOG = Logger.getLogger(SignIn.class);

    private static final String PAGE = "page";

    /** As Quarkus names the tenant of {@code quarkus.oidc.*}. */
    private static final String TOKENS = "Default";

    /** As Quarkus names it; a long one is in several, each with a number behind that. */
    private static final String COOKIE = "q_session_" + PAGE;

    /** In bytes: AES takes a key of 32. */
    private static final int MIN_SECRET = 32;

    private final SecurityConfig config;
    private final Optional<String> client;
    private final Optional<String> secret;

    SignIn(
            SecurityConfig config,
            @ConfigProperty(name = "quarkus.oidc.page.client-id") Optional<String> client,
            @ConfigProperty(name = "quarkus.oidc.page.token-state-manager.encryption-secret")
                    Optional<String> secret) {
        this.config = config;
        this.client = client;
        this.secret = secret;
    }

    /** Whether the page signs readers in. */
    public boolean isOn() {
        return client.isPresent() && !config.anonymous();
    }

    /**
     * Settles it before Quarkus looks for the provider.
     *
     * @param serving whether anything is served at all
     */
    void settle(Oidc oidc, boolean serving) {
        if (!serving || !isOn()) {
            oidc.create(OidcTenantConfig.builder().tenantId(PAGE).tenantEnabled(false).build());
            return;
        }
        if (secret.filter(text -> text.length() >= MIN_SECRET).isEmpty()) {
            throw new ConfigurationException(
                    "The page can't keep who signed in: set"
                            + " quarkus.oidc.page.token-state-manager.encryption-secret to a text of "
                            + MIN_SECRET
                            + " characters or more, the same on all instances");
        }
        LOG.infof("The page signs readers in as the client %s", client.orElseThrow());
    }

    /**
     * A name of a tenant always: else Quarkus would look for one in the path, and find it in {@code
     * /sessions/page}.
     */
    @Override
    public String resolve(RoutingContext request) {
        return isOfPage(request) ? PAGE : TOKENS;
    }

    private boolean isOfPage(RoutingContext request) {
        if (!isOn() || request.request().headers().contains(HttpHeaders.AUTHORIZATION)) {
            return false;
        }
        String path = request.normalizedPath();
        if (path.equals(PagePaths.SIGN_IN) || path.equals(PagePaths.SIGN_OUT)) {
            return true;
        }
        // The page comes up whatever became of the cookie.
        boolean file = PagePaths.isOpen(request) && !path.equals(PagePaths.READER);
        return !file && cookies(request).findAny().isPresent();
    }

    /** All but the way in: nothing else leads to the provider, it is told 401. */
    @Override
    public boolean isJavaScriptRequest(RoutingContext request) {
        return !PagePaths.SIGN_IN.equals(request.request().path());
    }

    /** What to call the one who signed in; empty for who didn't. */
    public static Optional<String> reader(RoutingContext request) {
        return identity(request)
                .map(SecurityIdentity::getPrincipal)
                .filter(JsonWebToken.class::isInstance)
                .map(JsonWebToken.class::cast)
                .flatMap(SignIn::name);
    }

    private static Optional<SecurityIdentity> identity(RoutingContext request) {
        return request.user() instanceof QuarkusHttpUser user
                ? Optional.of(user.getSecurityIdentity())
                : Optional.empty();
    }

    private static Optional<String> name(JsonWebToken token) {
        return Stream.of("name", Claims.preferred_username.name(), "email", Claims.sub.name())
                .map(claim -> token.<Object>getClaim(claim))
                .filter(Objects::nonNull)
                .map(Object::toString)
                .findFirst();
    }

    /** The names of the cookies that keep who signed in. */
    public static Stream<String> cookies(RoutingContext request) {
        return request.request().cookies().stream()
                .map(Cookie::getName)
                .filter(name -> name.startsWith(COOKIE));
    }
}
