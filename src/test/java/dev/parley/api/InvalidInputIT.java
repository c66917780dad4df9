package dev.parley.api;

import static dev.parley.session.EventBuilder.event;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.api.RawHttp.Answer;
import dev.parley.local.LocalParley;
import dev.parley.session.SessionEvent;
import dev.parley.session.SessionWriter;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Tests that every invalid request gets a problem that states the error, and reveals nothing about
 * the service.
 */
@Tag("slow")
@QuarkusTest
@WithTestResource(LocalParley.class)
class InvalidInputIT {

    private static final String[] INTERNALS = {
        "Exception",
        "dev.parley",
        "software.amazon",
        "io.",
        "java.",
        "\\tat ",
        "@Produces",
        "HTTP 4",
        "HTTP 5"
    };

    @Inject SessionWriter sessions;

    private IssuedTokens tokens = new IssuedTokens(Map.of());

    @BeforeEach
    void storeSessions() throws Exception {
        apply(event("api-1").userId("api-user").turn("t-1", "hi"));
        apply(event("api-2").userId("api-user").at(1).turn("t-1", "hi"));
        apply(event("api-2").at(2).turn("t-2", "ho"));
        tokens = IssuedTokens.of("api-2", "api-user");
    }

    private void apply(SessionEvent event) {
        SessionFixture.apply(sessions, List.of(event));
    }

    private Answer send(InvalidRequest request) {
        return RawHttp.exchange(tokens.withTokens(request.text()));
    }

    @ParameterizedTest
    @MethodSource({
        "dev.parley.api.InvalidRequests#invalid",
        "dev.parley.api.InvalidLists#invalid",
        "dev.parley.api.InvalidTokens#invalid"
    })
    void request_thatIsInvalid_getsAProblem(InvalidRequest request) throws Exception {
        Answer answer = send(request);

        assertThat(answer.status()).as(answer.body()).isEqualTo(request.status());
        assertThat(answer.isProblem()).as(answer.contentType()).isTrue();
        assertThat(answer.body()).doesNotContain(INTERNALS);
        JsonNode problem = new ObjectMapper().readTree(answer.body());
        assertThat(problem.path("status").asInt()).isEqualTo(request.status());
        assertThat(problem.path("title").asText()).isNotEmpty();
        assertThat(problem.path("detail").asText()).isNotEmpty().contains(request.detail());
        assertThat(answer.headers().containsKey("allow")).isEqualTo(request.status() == 405);
        assertThat(answer.headers()).doesNotContainKey("x-injected");
    }

    @ParameterizedTest
    @MethodSource({
        "dev.parley.api.InvalidRequests#unusual",
        "dev.parley.api.InvalidLists#unusual",
        "dev.parley.api.InvalidTokens#unusual"
    })
    void request_thatIsUnusualButClear_getsItsResponse(InvalidRequest request) {
        Answer answer = send(request);

        assertThat(answer.status()).as(answer.body()).isEqualTo(request.status());
    }

    @ParameterizedTest
    @MethodSource("dev.parley.api.InvalidRequests#unreadable")
    void request_thatIsUnreadable_getsOnlyAStatus(InvalidRequest request) {
        Answer answer = RawHttp.exchange(request.text());

        assertThat(answer.status()).isEqualTo(request.status());
        assertThat(answer.body()).isEmpty();
    }
}
