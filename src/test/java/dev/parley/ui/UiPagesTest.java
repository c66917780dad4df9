package dev.parley.ui;

import static io.restassured.RestAssured.given;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.startsWith;

import dev.parley.local.LocalParley;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests how the files of the UI are served. */
@QuarkusTest
@WithTestResource(LocalParley.class)
class UiPagesTest {

    private static final Path FILES = Path.of("src/main/resources/META-INF/resources/ui");
    private static final Pattern LIBRARY = Pattern.compile("/(?:_static|webjars)/[^'\"]+");

    /** The paths of libraries in all files. They contain the versions of the POM. */
    static List<String> libraries() throws IOException {
        try (Stream<Path> files = Files.list(FILES)) {
            return files.flatMap(file -> LIBRARY.matcher(text(file)).results())
                    .map(match -> match.group())
                    .distinct()
                    .toList();
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file, UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void root_redirectsBrowsersToTheUi_andDescribesTheServiceToOthers() {
        Response browser = given().redirects().follow(false).accept("text/html,*/*;q=0.8").get("/");
        assertThat(browser.statusCode()).isEqualTo(302);
        assertThat(browser.header("Location")).isEqualTo("/ui/");

        given().get("/").then().statusCode(200).body(startsWith("Parley stores the sessions"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/ui/", "/ui/session.html", "/ui/overview.html", "/ui/session.js"})
    void file_isServedUnderAStrictPolicy(String path) {
        given().get(path)
                .then()
                .statusCode(200)
                .header(
                        "Content-Security-Policy",
                        startsWith("default-src 'none'; script-src 'self';"))
                .header(
                        "Content-Security-Policy",
                        containsString("require-trusted-types-for 'script'"))
                .header("Content-Security-Policy", not(containsString("unsafe")))
                .header("Referrer-Policy", equalTo("no-referrer"))
                .header("Cross-Origin-Opener-Policy", equalTo("same-origin"))
                .header("X-Content-Type-Options", equalTo("nosniff"))
                .header("Cache-Control", equalTo("no-cache"));
    }

    @Test
    void reader_isNeverCached() {
        given().get("/ui/reader")
                .then()
                .statusCode(200)
                .header("Cache-Control", equalTo("no-store"))
                .body("signsIn", equalTo(false));
    }

    @ParameterizedTest
    @MethodSource("libraries")
    void library_isServedFromItsVersionedPath_andCached(String path) {
        given().get(path)
                .then()
                .statusCode(200)
                .header("Cache-Control", equalTo("public, max-age=31536000, immutable"));
    }

    @Test
    void libraries_areFound() throws IOException {
        assertThat(libraries()).hasSize(4);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/ui/none.js", "/ui/../application.properties", "/_static/none.js"})
    void file_thatDoesNotExist_isAProblem(String path) {
        given().urlEncodingEnabled(false)
                .get(path)
                .then()
                .statusCode(404)
                .contentType("application/problem+json");
    }
}
