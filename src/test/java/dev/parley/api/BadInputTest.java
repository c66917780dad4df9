package dev.parley.api;

import static dev.parley.session.EventBuilder.event;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.api.RawHttp.Answer;
import dev.parley.local.LocalParley;
import dev.parley.session.SessionWriter;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever a client sends, it is told what is wrong with it, and nothing of us. */
@QuarkusTest
@WithTestResource(LocalParley.class)
class BadInputTest {

    private static final String[] OF_US = {
        "Exception", "dev.parley", "software.amazon", "io.", "java.", "\\tat ", "@Produces", "HTTP "
    };

    @Inject SessionWriter sessions;

    @BeforeEach
    void storeASession() {
        sessions.apply("odd-1", List.of(event("odd-1").turn("t-1", "hi")))
                .await()
                .atMost(Duration.ofSeconds(30));
    }

    @ParameterizedTest
    @MethodSource("dev.parley.api.OddRequests#wrong")
    void request_thatIsWrong_isAProblem(OddRequest request) throws Exception {
        Answer answer = RawHttp.exchange(request.text());

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
    @MethodSource("dev.parley.api.OddRequests#clear")
    void request_thatIsOddButClear_isAnswered(OddRequest request) {
        Answer answer = RawHttp.exchange(request.text());

        assertThat(answer.status()).as(answer.body()).isEqualTo(request.status());
    }

    @ParameterizedTest
    @MethodSource("dev.parley.api.OddRequests#unreadable")
    void request_thatIsUnreadable_getsAStatusAndNoMore(OddRequest request) {
        Answer answer = RawHttp.exchange(request.text());

        assertThat(answer.status()).isEqualTo(request.status());
        assertThat(answer.body()).isEmpty();
    }
}
