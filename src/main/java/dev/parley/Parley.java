package dev.parley;

import dev.parley.ingest.replay.PutBack;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;
import javax.security.auth.login.Configuration;

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

    /** A file of Java's own with logins of Kafka's clients, where one is named. */
    private static final String LOGINS = "java.security.auth.login.config";

    public static void main(String... arguments) {
        System.setProperty(URI_VALIDATION_OFF, "true");
        requireReadableLogins();
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

    /**
     * Told here, since what Java says of a file that it can't read has parts of passwords in it.
     */
    private static void requireReadableLogins() {
        if (System.getProperty(LOGINS) != null) {
            try {
                var _ = Configuration.getConfiguration();
            } catch (SecurityException e) {
                System.err.println(
                        "The file of logins that " + LOGINS + " names can't be read as one");
                System.exit(1);
            }
        }
    }

    /** What the service would run in. */
    private static String profile() {
        String inEnvironment = System.getenv().getOrDefault("QUARKUS_PROFILE", "prod");
        return System.getProperty(PROFILE, inEnvironment);
    }
}
