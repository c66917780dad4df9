package dev.parley;

import dev.parley.ingest.PutBack;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;

/** The service; or, by the command {@code put-back}, a look after its dead letters. */
@QuarkusMain
public final class Parley {

    private static final String USAGE =
            """
            Parley keeps the session data of chatbots.

              (no argument)   serve: Kafka in, DynamoDB, REST out
              put-back        publish the records of the dead-letter topic again, each once

            It is configured by properties (-Dname=value) and environment variables; the README has
            them all.
            """;

    private static final String PROFILE = "quarkus.profile";

    /**
     * Quarkus turns a request whose target is no URI down without a word, before any code of a
     * service sees it, unless this is set as it starts. RouterProblems does the same, and says why.
     */
    private static final String URI_VALIDATION_OFF = "vertx.disableURIValidation";

    public static void main(String... arguments) {
        System.setProperty(URI_VALIDATION_OFF, "true");
        if (arguments.length == 0) {
            Quarkus.run();
        } else if (arguments.length == 1 && arguments[0].equals("put-back")) {
            System.setProperty(PROFILE, profile() + "," + PutBack.PROFILE);
            Quarkus.run(PutBack.class);
        } else {
            System.err.print(USAGE);
            System.exit(2);
        }
    }

    /** What the service would run in. */
    private static String profile() {
        String inEnvironment = System.getenv().getOrDefault("QUARKUS_PROFILE", "prod");
        return System.getProperty(PROFILE, inEnvironment);
    }
}
