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

/** Whatever a client sends, it is told what is wrong with it, and nothing of us. */
@Tag("slow")
@QuarkusTest
@WithTestResource(LocalParley.class)
class InvalidInputTest {

    private static final String[] OF_US = {
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

    private GivenTokens tokens = new GivenTokens(Map.of());

    @BeforeEach
    void storeSessions() throws Exception {
        apply(event("odd-1").userId("odd-user").turn("t-1", "hi"));
        apply(event("odd-2").userId("odd-user").at(1).turn("t-1", "hi"));
        apply(event("odd-2").at(2).turn("t-2", "ho"));
        tokens = GivenTokens.of("odd-2", "odd-user");
    }

    private void apply(SessionEvent event) {
        SessionFixture.apply(sessions, List.of(event));
    }

    private Answer answer(InvalidRequest request) {
        return RawHttp.exchange(tokens.filledIn(request.text()));
    }

    @ParameterizedTest
    @MethodSource({
        "dev.parley.api.InvalidRequests#wrong",
        "dev.parley.api.InvalidLists#wrong",
        "dev.parley.api.InvalidTokens#wrong"
    })
    void request_thatIsWrong_isAProblem(InvalidRequest request) throws Exception {
        Answer answer = answer(request);

        assertThat(answer.status()).as(answer.body()).isEqualTo(request.status());
        assertThat(answer.isProblem()).as(answer.contentType()).isTrue();
        assertThat(answer.body()).doesNotContain(OF_US);
        JsonNode problem = new ObjectMapper().readTree(answer.body());
        assertThat(problem.path("status").asInt()).isEqualTo(request.status());
        assertThat(problem.path("title").asText()).isNotEmpty();
        assertThat(problem.path("detail").asText()).isNotEmpty().contains(request.detail());
        assertThat(answer.headers().containsKey("allow")).isEqualTo(request.status() == 405);
        assertThat(answer.headers()).doesNotContainKey("x-injected");
    }

    @ParameterizedTest
    @MethodSource({
        "dev.parley.api.InvalidRequests#clear",
        "dev.parley.api.InvalidLists#clear",
        "dev.parley.api.InvalidTokens#clear"
    })
    void request_thatIsOddButClear_isAnswered(InvalidRequest request) {
        Answer answer = answer(request);

        assertThat(answer.status()).as(answer.body()).isEqualTo(request.status());
    }

    @ParameterizedTest
    @MethodSource("dev.parley.api.InvalidRequests#unreadable")
    void request_thatIsUnreadable_getsAStatusAndNoMore(InvalidRequest request) {
        Answer answer = RawHttp.exchange(request.text());

        assertThat(answer.status()).isEqualTo(request.status());
        assertThat(answer.body()).isEmpty();
    }
}
