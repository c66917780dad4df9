package dev.parley.api;

import static dev.parley.session.EventBuilder.event;
import static dev.parley.support.Timeouts.TIMEOUT;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.api.RawHttp.Answer;
import dev.parley.local.LocalParley;
import dev.parley.session.Role;
import dev.parley.session.SessionWriter;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Sends valid and invalid values of parameters to each operation of the served OpenAPI document,
 * and verifies the responses against the document. New operations are included automatically.
 *
 * <p>The seed is printed. {@code -Dparley.seed=…} repeats a run, and {@code
 * -Dparley.fuzz.requests=…} changes the number of requests.
 */
@Tag("slow")
@QuarkusTest
@WithTestResource(LocalParley.class)
class OpenApiFuzzIT {

    private static final long SEED = Long.getLong("parley.seed", System.nanoTime());

    /** The number of requests for each operation. */
    private static final int REQUESTS = Integer.getInteger("parley.fuzz.requests", 150);

    private static final int MAX_SHOWN = 5;

    @Inject SessionWriter sessions;

    private final Random random = new Random(SEED);
    private final FuzzedValues values = new FuzzedValues(random);
    private final FuzzedRequests requests = new FuzzedRequests(random, values);

    @Test
    void operation_withAnyParameters_respondsAsDocumented() throws Exception {
        store("fuzz-1", 1);
        store("fuzz 2/ü?🙌", 40);
        store("fuzz;3\u2028\u0085", 2);
        List<String> deviations = new ArrayList<>();
        Map<String, Integer> statuses = new TreeMap<>();

        for (GetOperation operation : GetOperation.all(OpenApi.served())) {
            for (int i = 0; i < REQUESTS; i++) {
                InvalidRequest request = requests.next(operation);
                Answer answer = RawHttp.exchange(request.text());
                statuses.merge(operation.path() + " " + answer.status(), 1, Integer::sum);
                addToken(answer);
                for (String problem : operation.problemsWith(answer)) {
                    deviations.add(problem + "\n" + shortened(request.text()) + answer);
                }
            }
        }

        System.out.printf("OpenApiFuzzIT: -Dparley.seed=%d: %s%n", SEED, statuses);
        assertThat(deviations.stream().distinct().limit(MAX_SHOWN)).isEmpty();
        assertThat(statuses.keySet()).anyMatch(status -> status.endsWith(" 200"));
        assertThat(statuses.keySet()).anyMatch(status -> status.endsWith(" 400"));
    }

    private void store(String sessionId, int turns) {
        values.addKnown("sessionId", sessionId);
        values.addKnown("userId", "fuzz-user");
        values.addKnown("channel", "fuzz-channel");
        for (int i = 0; i < turns; i++) {
            sessions.apply(
                            sessionId,
                            List.of(
                                    event(sessionId)
                                            .at(i)
                                            .userId("fuzz-user")
                                            .channel("fuzz-channel")
                                            .role(i % 2 == 0 ? Role.USER : Role.ASSISTANT)
                                            .usage(i, 1)
                                            .latencyMs(i)
                                            .turn("t-" + i, "Turn " + i)))
                    .await()
                    .atMost(TIMEOUT);
        }
    }

    /** Adds the token of a response to the known values, because no schema describes it. */
    private void addToken(Answer answer) throws IOException {
        if (answer.contentType().startsWith("application/json") && !answer.body().isEmpty()) {
            JsonNode token = new ObjectMapper().readTree(answer.body()).path("nextPageToken");
            if (token.isTextual()) {
                values.addKnown("pageToken", token.asText());
            }
        }
    }

    private static String shortened(String request) {
        return request.length() < 1_000 ? request : request.substring(0, 1_000) + "…\n";
    }
}
