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

/** Coming in to the page where a token is needed, and going out. */
@Tag("browser")
@QuarkusTest
@WithTestResource(LocalParley.class)
@WithTestResource(SecuredParley.class)
class SignInTest {

    private static final Duration LIFE = Duration.ofMinutes(10);

    private static UiScenario visit;

    private final String user = "u-" + UUID.randomUUID();
    private final String mine = "mine-" + user;
    private final String others = "others-" + user;

    @Inject SessionWriter sessions;

    @SuppressWarnings("NullAway.Init") // SecuredParley's
    TokenIssuer issuer;

    @BeforeAll
    static void begin() {
        visit = new UiScenario();
    }

    @AfterAll
    static void end() {
        visit.close();
    }

    @BeforeEach
    void record() {
        sessions.apply(mine, List.of(event(mine).userId(user).channel(user).turn("t-1", "Hello")))
                .await()
                .indefinitely();
        sessions.apply(others, List.of(event(others).channel(user).turn("t-1", "Hello")))
                .await()
                .indefinitely();
    }

    @AfterEach
    void live() {
        issuer.codeFlow().setLife(LIFE);
    }

    @Test
    void reader_comesInWhereTheyWantedToLook_andSeesWhatIsTheirs() {
        try (UiWindow window = visit.open("/ui/?channel=" + user)) {
            Page page = window.page();
            assertThat(page.locator("[role=alert]")).containsText("Sign in to read sessions.");

            signIn(page, user);

            assertThat(page).hasURL(UiScenario.address("/ui/?channel=" + user));
            assertThat(page.locator("#sessions .session")).hasText(new String[] {mine});
            assertThat(page.locator(".reader bdi")).hasText(user);
            page.navigate(UiScenario.address("/ui/session.html?id=" + others));
            assertThat(page.locator("#state")).containsText("There is no such session");
            page.navigate(UiScenario.address("/ui/overview.html"));
            assertThat(page.locator("#state")).containsText("for those who may read them all");
        }
    }

    @Test
    void analyst_seesEverything() {
        try (UiWindow window = visit.open("/ui/session.html?id=" + others)) {
            Page page = window.page();

            signIn(page, "analyst");

            page.waitForSelector("#live.on");
            assertThat(page.locator("#transcript")).containsText("Hello");
        }
    }

    @Test
    void tokens_areWhereNoScriptCanReadThem() {
        try (UiWindow window = visit.open("/ui/")) {
            Page page = window.page();
            signIn(page, user);
            page.waitForSelector("#sessions li");

            List<Cookie> cookies = page.context().cookies(UiScenario.address("/"));
            assertThat(cookies)
                    .singleElement()
                    .satisfies(
                            cookie -> {
                                assertThat(cookie.name).isEqualTo("q_session_page");
                                assertThat(cookie.httpOnly).isTrue();
                                assertThat(cookie.sameSite).isEqualTo(SameSiteAttribute.LAX);
                                // Encrypted: one that is only signed begins with its header.
                                assertThat(cookie.value).doesNotContain("eyJhbGciOiJSUzI1NiI");
                            });
            assertThat(
                            page.evaluate(
                                    "[document.cookie, localStorage.length, sessionStorage.length].join()"))
                    .isEqualTo(",0,0");
        }
    }

    @Test
    void signingOut_endsIt() {
        try (UiWindow window = visit.open("/ui/")) {
            Page page = window.page();
            signIn(page, user);

            page.getByText("Sign out").click();

            assertThat(page.locator("[role=alert]")).containsText("Sign in to read sessions.");
            assertThat(page.context().cookies(UiScenario.address("/")))
                    .noneMatch(cookie -> cookie.name.startsWith("q_session"));
        }
    }

    @Test
    void token_isRenewedAsLongAsTheProviderDoes() {
        issuer.codeFlow().setLife(Duration.ofSeconds(10));
        try (UiWindow window = visit.open("/ui/session.html?id=" + mine)) {
            Page page = window.page();
            signIn(page, user);
            page.waitForSelector("#live.on");
            // The stream ends with its token, and is made again with the next one.
            page.waitForSelector("#live.lost");
            page.waitForSelector("#live.on");

            issuer.codeFlow().forgetAll();

            assertThat(page.locator("#trouble")).containsText("Sign in to read sessions.");
            issuer.codeFlow().setLife(LIFE);
            signIn(page, user);
            assertThat(page).hasURL(UiScenario.address("/ui/session.html?id=" + mine));
            page.waitForSelector("#live.on");
        }
    }

    /** The provider is asked once for all of them; one that ends sooner takes none with it. */
    @Test
    void requests_thatRenewTheTokenAtTheSameTime_areAllAnswered() throws Exception {
        issuer.codeFlow().setLife(Duration.ofSeconds(45));
        try (UiWindow window = visit.open("/ui/")) {
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
                            mine);

            assertThat(statuses).isEqualTo("{\"200\":100,\"404\":20}");
        }
    }

    @Test
    void reader_whomTheProviderRefuses_isToldAndMayTryAgain() {
        try (UiWindow window = visit.open("/ui/overview.html")) {
            Page page = window.page();

            signIn(page, CodeFlow.REFUSED);

            assertThat(page.locator("[role=alert]"))
                    .containsText("Nobody was signed in (access_denied).");
            signIn(page, user);
            assertThat(page).hasURL(UiScenario.address("/ui/"));
        }
    }

    @Test
    void answer_thatTheProviderDidNotGive_letsNobodyIn() {
        Response begun = given().redirects().follow(false).get("/ui/sign-in?to=/ui/");
        assertThat(begun.header("Location")).startsWith(issuer.url() + "/authorize?");
        String state = begun.header("Location").replaceFirst(".*[?&]state=([^&]+).*", "$1");

        Response guessed = answer(begun.cookies(), "code=guess&state=" + state);
        Response ofAnother = answer(Map.of(), "code=guess&state=" + state);
        Response otherState = answer(begun.cookies(), "code=guess&state=guess");

        assertThat(guessed.header("Location")).isEqualTo("/ui/?error=sign_in_failed");
        // What this browser didn't ask for isn't even looked at: they begin anew.
        assertThat(List.of(ofAnother, otherState))
                .extracting(answer -> answer.header("Location"))
                .allMatch(location -> location.startsWith(issuer.url() + "/authorize?"));
        assertThat(List.of(guessed, ofAnother, otherState))
                .extracting(answer -> answer.cookie("q_session_page"))
                .containsOnlyNulls();
        try (UiWindow window = visit.open(guessed.header("Location"))) {
            assertThat(window.page().locator("[role=alert]"))
                    .containsText("Nobody was signed in (sign_in_failed).");
        }
    }

    private static Response answer(Map<String, String> cookies, String query) {
        return given().urlEncodingEnabled(false)
                .redirects()
                .follow(false)
                .cookies(cookies)
                .get("/ui/sign-in?" + query);
    }

    @Test
    void link_thatLeadsElsewhere_leadsToThePage() {
        try (UiWindow window = visit.open("/ui/")) {
            Page page = window.page();
            signIn(page, user);
            page.waitForSelector(".reader");

            page.navigate(UiScenario.address("/ui/sign-in?to=//evil.example/ui/"));

            assertThat(page).hasURL(UiScenario.address("/ui/"));
        }
    }

    private static void signIn(Page page, String name) {
        page.getByText("Sign in", new Page.GetByTextOptions().setExact(true)).click();
        page.getByLabel("Name").fill(name);
        page.getByText("Log in").click();
        page.waitForURL("**/ui/**");
    }
}
