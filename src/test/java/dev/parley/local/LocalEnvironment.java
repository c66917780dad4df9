package dev.parley.local;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/**
 * Runs beside the service in dev mode with {@code ./mvnw -Plocal}: starts the infrastructure on its
 * fixed ports and the demo's traffic (unless {@code -Dparley.demo=false}), and prints what to try
 * next.
 */
final class LocalEnvironment {

    private static final int HTTP_PORT = 8080;
    private static final int DYNAMODB_PORT = 8000;
    private static final int KAFKA_PORT = 29092;
    private static final URI READY =
            URI.create("http://127.0.0.1:%d/q/health/ready".formatted(HTTP_PORT));
    private static final Duration POLL_INTERVAL = Duration.ofMillis(500);

    private LocalEnvironment() {}

    public static void main(String[] arguments) throws Exception {
        try {
            Ports.requireFree("Parley", HTTP_PORT);
            LocalInfrastructure infrastructure =
                    LocalInfrastructure.start(DYNAMODB_PORT, KAFKA_PORT);
            boolean demo = Boolean.parseBoolean(System.getProperty("parley.demo", "true"));
            if (demo) {
                DemoTraffic.start(infrastructure.bootstrapServers());
            }
            waitForService();
            System.out.println(instructions(demo, infrastructure.dynamoDbEndpoint()));
        } catch (IllegalStateException e) {
            System.err.printf("%n%s%n%n", e.getMessage());
            endParent();
        }
    }

    private static String instructions(boolean demo, String dynamoDb) {
        return """

            ------------------------------------------------------------------------------------
            Parley is ready.

              Web UI           http://127.0.0.1:8080/ in a browser
              Read a session   curl http://127.0.0.1:8080/sessions/%s
              Publish a turn   echo '{"sessionId":"s-1","turnId":"t-1","role":"user","content":"Hi"}' |
                                 kcat -P -b 127.0.0.1:29092 -t chat-turns -k s-1
              ... and read it  curl http://127.0.0.1:8080/sessions/s-1

              The API          http://127.0.0.1:8080/q/swagger-ui
              Health           http://127.0.0.1:8080/q/health
              Metrics          http://127.0.0.1:8080/q/metrics
              DynamoDB         %s   table ChatbotSessions
              Kafka            127.0.0.1:29092         topics chat-turns, chat-turns-dlq

              %s
              Edit a class and send a request: the change is active at once. Ctrl-C stops everything.
            ------------------------------------------------------------------------------------
            """
                .formatted(
                        demo ? "demo-1" : "s-1",
                        dynamoDb,
                        demo
                                ? "The demo publishes the sessions demo-1, demo-2, … and demo-long (-Dparley.demo=false disables it)."
                                : "There is no demo traffic (-Dparley.demo=false).");
    }

    /** Ends Maven and this JVM, since the service does not work without its infrastructure. */
    private static void endParent() {
        ProcessHandle.current().parent().ifPresent(ProcessHandle::destroy);
        System.exit(1);
    }

    private static void waitForService() throws InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            while (!isReady(client)) {
                Thread.sleep(POLL_INTERVAL);
            }
        }
    }

    private static boolean isReady(HttpClient client) throws InterruptedException {
        try {
            return client.send(HttpRequest.newBuilder(READY).build(), BodyHandlers.discarding())
                            .statusCode()
                    == 200;
        } catch (IOException e) {
            return false;
        }
    }
}
