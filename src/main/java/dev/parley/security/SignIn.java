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
 * Signs readers in to the UI. Quarkus does it: with the code flow of OpenID Connect with PKCE, at
 * the provider whose tokens are accepted anyway. The result is a cookie that only this service can
 * read; no script ever sees a token. Quarkus handles requests with that cookie as its tenant {@code
 * page}, and all others as its default tenant.
 */
@Singleton
public class SignIn implements TenantResolver, JavaScriptRequestChecker {

    private static final Logger LOG = Logger.getLogger(SignIn.class);

    private static final String UI_TENANT = "page";

    /** The name that Quarkus gives the tenant of {@code quarkus.oidc.*}. */
    private static final String DEFAULT_TENANT = "Default";

    /**
     * The name that Quarkus gives the cookie. A long cookie is divided into several, each with a
     * number after this name.
     */
    private static final String COOKIE = "q_session_" + UI_TENANT;

    /** The shortest secret: AES takes a key of 32 bytes. */
    private static final int MIN_SECRET_LENGTH = 32;

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

    /** Returns whether the UI signs readers in. */
    public boolean isOn() {
        return client.isPresent() && !config.anonymous();
    }

    /**
     * Applies the configuration before Quarkus connects to the provider.
     *
     * @param serving whether anything is served at all
     */
    void configure(Oidc oidc, boolean serving) {
        if (!serving || !isOn()) {
            oidc.create(
                    OidcTenantConfig.builder().tenantId(UI_TENANT).tenantEnabled(false).build());
            return;
        }
        if (secret.filter(text -> text.length() >= MIN_SECRET_LENGTH).isEmpty()) {
            throw new ConfigurationException(
                    "The UI can't keep readers signed in: set"
                            + " quarkus.oidc.page.token-state-manager.encryption-secret to a text of "
                            + MIN_SECRET_LENGTH
                            + " characters or more, the same on all instances");
        }
        LOG.infof("The UI signs readers in as the client %s", client.orElseThrow());
    }

    /**
     * Returns the name of the tenant of a request. It is never null: otherwise Quarkus would look
     * for a name in the path, and find one in {@code /sessions/page}.
     */
    @Override
    public String resolve(RoutingContext request) {
        return usesUiTenant(request) ? UI_TENANT : DEFAULT_TENANT;
    }

    private boolean usesUiTenant(RoutingContext request) {
        if (!isOn() || request.request().headers().contains(HttpHeaders.AUTHORIZATION)) {
            return false;
        }
        String path = request.normalizedPath();
        if (path.equals(UiPaths.SIGN_IN) || path.equals(UiPaths.SIGN_OUT)) {
            return true;
        }
        // The UI is served even if the cookie is no longer valid.
        boolean isStaticFile = UiPaths.isOpen(request) && !path.equals(UiPaths.READER);
        return !isStaticFile && cookies(request).findAny().isPresent();
    }

    /**
     * Returns true for all paths except the one that signs in. Only that path redirects to the
     * provider; a request for any other path gets the status 401.
     */
    @Override
    public boolean isJavaScriptRequest(RoutingContext request) {
        return !UiPaths.SIGN_IN.equals(request.request().path());
    }

    /** Returns the name of the reader who signed in; empty if nobody did. */
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

    /** Returns the names of the cookies that keep a reader signed in. */
    public static Stream<String> cookies(RoutingContext request) {
        return request.request().cookies().stream()
                .map(Cookie::getName)
                .filter(name -> name.startsWith(COOKIE));
    }
}
