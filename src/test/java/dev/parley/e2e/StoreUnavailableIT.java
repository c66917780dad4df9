package dev.parley.e2e;

import static dev.parley.support.Timeouts.TIMEOUT;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.equalTo;

import dev.parley.local.LocalParley;
import dev.parley.local.LocalTopics;
import dev.parley.support.Metrics;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Tests the service while DynamoDB can't be reached: records wait, readers get 503, the readiness
 * is DOWN, and liveness stays UP.
 */
@QuarkusTest
@WithTestResource(
        value = LocalParley.class,
        initArgs = @ResourceArg(name = LocalParley.DYNAMODB, value = "http://127.0.0.1:9"))
@Tag("faults")
@Tag("slow")
class StoreUnavailableIT {

    @Test
    void service_withoutItsStore_keepsRecordsAndAnswers503() {
        try (LocalTopics topics = new LocalTopics()) {
            topics.publish("s-away", "{\"turnId\":\"t-1\",\"role\":\"user\",\"content\":\"hi\"}");
        }

        await().atMost(TIMEOUT)
                .untilAsserted(
                        () ->
                                assertThat(Metrics.now().value("parley_records_in_flight"))
                                        .isPositive());
        given().get("/q/health/ready")
                .then()
                .statusCode(503)
                .body("checks.find { it.name == 'DynamoDB table' }.status", equalTo("DOWN"))
                // No more attempts than configured, so that the reason is reported soon.
                .body(
                        "checks.find { it.name == 'DynamoDB table' }.data.reason",
                        endsWith("(SDK Attempt Count: 2)"));
        given().get("/q/health/live").then().statusCode(200);
        given().get("/sessions/s-away")
                .then()
                .statusCode(503)
                .contentType("application/problem+json")
                .header("Retry-After", "5")
                .body("detail", equalTo("The session store can't be reached. Try again later."));
        assertThat(Metrics.now().records().values()).containsOnly(0.0);
    }
}
