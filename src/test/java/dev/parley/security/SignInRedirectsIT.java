package dev.parley.security;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.local.LocalParley;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.Method;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** Tests where signing in and signing out redirect to, step by step, without a browser. */
@Tag("security")
@QuarkusTest
@WithTestResource(LocalParley.class)
@WithTestResource(SecuredParley.class)
class SignInRedirectsIT {

    @SuppressWarnings("NullAway.Init") // SecuredParley sets it.
    TokenIssuer issuer;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            /ui/                                | /ui/
            /ui/session.html%3Fid%3Ds%252042    | /ui/session.html?id=s%2042
            /ui/%C3%A9                          | /ui/%C3%A9
            /ui/%0A                             | /ui/
            /ui/%0D%0AX-Injected:%20y           | /ui/
            /ui/%00                             | /ui/
            /ui/%09                             | /ui/
            /ui/%1B                             | /ui/
            /ui/%7F                             | /ui/
            /ui/%C2%85                          | /ui/
            /ui/%E2%80%A8                       | /ui/
            /ui/%F0%9F%99%8C                    | /ui/%F0%9F%99%8C
            /ui/%20                             | /ui/
            /ui/%5C                             | /ui/
            %0A/ui/                             | /ui/
            /ui/../sessions                     | /ui/
            //evil.example/ui/                  | /ui/
            https://evil.example/ui/            | /ui/
            """)
    void signIn_toAnyAddress_redirectsWithinTheUi(String to, String expected) {
        Response toProvider = get("/ui/sign-in?to=" + to, Map.of());
        assertThat(toProvider.header("Location")).startsWith(issuer.url() + "/authorize?");

        Response signedIn = signedIn("u-1", "/ui/sign-in?to=" + to);
        Response back = get("/ui/sign-in?to=" + to, signedIn.cookies());

        assertThat(back.statusCode()).isEqualTo(302);
        assertThat(back.header("Location")).isEqualTo(expected);
        assertThat(back.headers().hasHeaderWithName("X-Injected")).isFalse();
    }

    @Test
    void signIn_withoutAName_isRefused() {
        Response refused = signedIn("", "/ui/sign-in");

        assertThat(refused.header("Location")).isEqualTo("/ui/?error=sign_in_failed");
        assertThat(get("/sessions", refused.cookies()).statusCode()).isEqualTo(401);
    }

    /** A link on another site, or a browser that prefetches, must not sign a reader out. */
    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "POST")
    void signOut_byAnyMethodExceptPost_isRefused(Method method) {
        Map<String, String> cookies = signedIn("u-1", "/ui/sign-in").cookies();

        Response refused = request(cookies).request(method, "/ui/sign-out");

        assertThat(refused.statusCode()).isEqualTo(405);
        assertThat(refused.header("Allow")).isEqualTo("POST");
        assertThat(refused.cookies()).isEmpty();
        assertThat(get("/sessions", cookies).statusCode()).isEqualTo(200);
    }

    @Test
    void signOut_ofAReader_redirectsToTheProviderAndDeletesTheCookie() {
        Map<String, String> cookies = signedIn("u-1", "/ui/sign-in").cookies();

        Response formResponse = request(cookies).post("/ui/sign-out");
        Response scriptResponse =
                request(cookies).header("Accept", "application/json").post("/ui/sign-out");

        assertThat(formResponse.statusCode()).isEqualTo(303);
        assertThat(formResponse.header("Location")).startsWith(issuer.url() + "/end?");
        assertThat(scriptResponse.statusCode()).isEqualTo(200);
        assertThat(scriptResponse.<String>path("location")).startsWith(issuer.url() + "/end?");
        assertThat(scriptResponse.header("Cache-Control")).isEqualTo("no-store");
        for (Response response : new Response[] {formResponse, scriptResponse}) {
            assertThat(response.detailedCookie("q_session_page").getMaxAge()).isZero();
        }
    }

    @Test
    void signOut_withoutASignIn_redirectsToTheUi() {
        Response response = request(Map.of()).post("/ui/sign-out");

        assertThat(response.statusCode()).isEqualTo(303);
        assertThat(response.header("Location")).isEqualTo("/ui/");
    }

    /** Returns the response that signs a reader in, or reports that the sign-in failed. */
    private static Response signedIn(String name, String from) {
        Response toProvider = get(from, Map.of());
        String providerUrl =
                toProvider.header("Location").replace("/authorize?", "/login?name=" + name + "&");
        String back = get(providerUrl, Map.of()).header("Location");
        return get("/ui/sign-in?" + back.replaceFirst(".*\\?", ""), toProvider.cookies());
    }

    private static Response get(String address, Map<String, String> cookies) {
        return request(cookies).get(address);
    }

    private static RequestSpecification request(Map<String, String> cookies) {
        return given().urlEncodingEnabled(false).redirects().follow(false).cookies(cookies);
    }
}
