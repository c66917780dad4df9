package dev.parley.ui;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static dev.parley.session.EventBuilder.event;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.Cookie;
import com.microsoft.playwright.options.SameSiteAttribute;
import dev.parley.local.LocalParley;
import dev.parley.security.CodeFlow;
import dev.parley.security.SecuredParley;
import dev.parley.security.TokenIssuer;
import dev.parley.session.SessionWriter;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Tests signing in to the UI and signing out, where reading needs a token. */
@Tag("browser")
@QuarkusTest
@WithTestResource(LocalParley.class)
@WithTestResource(SecuredParley.class)
class SignInIT {

    private static final Duration TOKEN_LIFE = Duration.ofMinutes(10);

    private static UiScenario scenario;

    private final String user = "u-" + UUID.randomUUID();
    private final String ownSession = "own-" + user;
    private final String otherSession = "other-" + user;

    @Inject SessionWriter sessions;

    @SuppressWarnings("NullAway.Init") // SecuredParley sets it
    TokenIssuer issuer;

    @BeforeAll
    static void begin() {
        scenario = new UiScenario();
    }

    @AfterAll
    static void end() {
        scenario.close();
    }

    @BeforeEach
    void storeSessions() {
        sessions.apply(
                        ownSession,
                        List.of(event(ownSession).userId(user).channel(user).turn("t-1", "Hello")))
                .await()
                .indefinitely();
        sessions.apply(
                        otherSession,
                        List.of(event(otherSession).channel(user).turn("t-1", "Hello")))
                .await()
                .indefinitely();
    }

    @AfterEach
    void restoreTokenLife() {
        issuer.codeFlow().setLife(TOKEN_LIFE);
    }

    @Test
    void reader_whoSignsIn_returnsToTheAddress_andSeesOnlyOwnSessions() {
        try (UiWindow window = scenario.open("/ui/?channel=" + user)) {
            Page page = window.page();
            assertThat(page.locator("[role=alert]")).containsText("Sign in to read sessions.");

            signIn(page, user);

            assertThat(page).hasURL(UiScenario.url("/ui/?channel=" + user));
            assertThat(page.locator("#sessions .session")).hasText(new String[] {ownSession});
            assertThat(page.locator(".reader bdi")).hasText(user);
            page.navigate(UiScenario.url("/ui/session.html?id=" + otherSession));
            assertThat(page.locator("#state")).containsText("There is no such session");
            page.navigate(UiScenario.url("/ui/overview.html"));
            assertThat(page.locator("#state"))
                    .containsText("only a caller who may read all sessions");
        }
    }

    @Test
    void analyst_seesSessionsOfOthers() {
        try (UiWindow window = scenario.open("/ui/session.html?id=" + otherSession)) {
            Page page = window.page();

            signIn(page, "analyst");

            page.waitForSelector("#live.on");
            assertThat(page.locator("#transcript")).containsText("Hello");
        }
    }

    @Test
    void tokens_areNotReadableByScripts() {
        try (UiWindow window = scenario.open("/ui/")) {
            Page page = window.page();
            signIn(page, user);
            page.waitForSelector("#sessions li");

            List<Cookie> cookies = page.context().cookies(UiScenario.url("/"));
            assertThat(cookies)
                    .singleElement()
                    .satisfies(
                            cookie -> {
                                assertThat(cookie.name).isEqualTo("q_session_page");
                                assertThat(cookie.httpOnly).isTrue();
                                assertThat(cookie.sameSite).isEqualTo(SameSiteAttribute.LAX);
                                // The token is encrypted. A token that is only signed would begin
                                // with this header.
                                assertThat(cookie.value).doesNotContain("eyJhbGciOiJSUzI1NiI");
                            });
            assertThat(
                            page.evaluate(
                                    "[document.cookie, localStorage.length, sessionStorage.length].join()"))
                    .isEqualTo(",0,0");
        }
    }

    @Test
    void signingOut_removesTheCookie() {
        try (UiWindow window = scenario.open("/ui/")) {
            Page page = window.page();
            signIn(page, user);

            page.getByText("Sign out").click();

            assertThat(page.locator("[role=alert]")).containsText("Sign in to read sessions.");
            assertThat(page.context().cookies(UiScenario.url("/")))
                    .noneMatch(cookie -> cookie.name.startsWith("q_session"));
        }
    }

    @Test
    void token_isRenewedWhileTheProviderRenewsIt() {
        issuer.codeFlow().setLife(Duration.ofSeconds(10));
        try (UiWindow window = scenario.open("/ui/session.html?id=" + ownSession)) {
            Page page = window.page();
            signIn(page, user);
            page.waitForSelector("#live.on");
            // The stream ends when its token expires, and is opened again with the next token.
            page.waitForSelector("#live.lost");
            page.waitForSelector("#live.on");

            issuer.codeFlow().forgetAll();

            assertThat(page.locator("#trouble")).containsText("Sign in to read sessions.");
            issuer.codeFlow().setLife(TOKEN_LIFE);
            signIn(page, user);
            assertThat(page).hasURL(UiScenario.url("/ui/session.html?id=" + ownSession));
            page.waitForSelector("#live.on");
        }
    }

    /**
     * All requests share one renewal at the provider. A request that ends early must not cancel it
     * for the others.
     */
    @Test
    void requests_thatRenewTheTokenAtTheSameTime_areAllAnswered() throws Exception {
        issuer.codeFlow().setLife(Duration.ofSeconds(45));
        try (UiWindow window = scenario.open("/ui/")) {
            Page page = window.page();
            signIn(page, user);
            page.waitForSelector(".reader");

            Object statuses =
                    page.evaluate(
                            """
                            async (session) => {
                              const paths = ['/sessions/absent', ...Array(5).fill(`/sessions/${session}/turns`)];
                              const statuses = {};
                              for (let round = 0; round < 20; round++) {
                                const answers = await Promise.all(paths.map((path) => fetch(path)));
                                answers.forEach(({ status }) => statuses[status] = (statuses[status] ?? 0) + 1);
                              }
                              return JSON.stringify(statuses);
                            }""",
                            ownSession);

            assertThat(statuses).isEqualTo("{\"200\":100,\"404\":20}");
        }
    }

    @Test
    void reader_whomTheProviderRefuses_seesAMessageAndCanTryAgain() {
        try (UiWindow window = scenario.open("/ui/overview.html")) {
            Page page = window.page();

            signIn(page, CodeFlow.REFUSED);

            assertThat(page.locator("[role=alert]"))
                    .containsText("The sign-in failed (access_denied).");
            signIn(page, user);
            assertThat(page).hasURL(UiScenario.url("/ui/"));
        }
    }

    @Test
    void redirect_thatIsNotFromTheProvider_signsNobodyIn() {
        Response start = given().redirects().follow(false).get("/ui/sign-in?to=/ui/");
        assertThat(start.header("Location")).startsWith(issuer.url() + "/authorize?");
        String state = start.header("Location").replaceFirst(".*[?&]state=([^&]+).*", "$1");

        Response guessedCode = callBack(start.cookies(), "code=guess&state=" + state);
        Response withoutCookies = callBack(Map.of(), "code=guess&state=" + state);
        Response otherState = callBack(start.cookies(), "code=guess&state=guess");

        assertThat(guessedCode.header("Location")).isEqualTo("/ui/?error=sign_in_failed");
        // A response that does not belong to a sign-in of this browser is ignored: the sign-in
        // starts again.
        assertThat(List.of(withoutCookies, otherState))
                .extracting(answer -> answer.header("Location"))
                .allMatch(location -> location.startsWith(issuer.url() + "/authorize?"));
        assertThat(List.of(guessedCode, withoutCookies, otherState))
                .extracting(answer -> answer.cookie("q_session_page"))
                .containsOnlyNulls();
        try (UiWindow window = scenario.open(guessedCode.header("Location"))) {
            assertThat(window.page().locator("[role=alert]"))
                    .containsText("The sign-in failed (sign_in_failed).");
        }
    }

    private static Response callBack(Map<String, String> cookies, String query) {
        return given().urlEncodingEnabled(false)
                .redirects()
                .follow(false)
                .cookies(cookies)
                .get("/ui/sign-in?" + query);
    }

    @Test
    void link_toAnotherHost_leadsToTheUi() {
        try (UiWindow window = scenario.open("/ui/")) {
            Page page = window.page();
            signIn(page, user);
            page.waitForSelector(".reader");

            page.navigate(UiScenario.url("/ui/sign-in?to=//evil.example/ui/"));

            assertThat(page).hasURL(UiScenario.url("/ui/"));
        }
    }

    private static void signIn(Page page, String name) {
        page.getByText("Sign in", new Page.GetByTextOptions().setExact(true)).click();
        page.getByLabel("Name").fill(name);
        page.getByText("Log in").click();
        page.waitForURL("**/ui/**");
    }
}
