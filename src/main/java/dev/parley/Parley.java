package dev.parley;

import dev.parley.ingest.replay.DeadLetterReplay;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;
import java.util.Set;
import javax.security.auth.login.Configuration;

/**
 * Starts the service or, with the argument {@code replay}, the command that replays its dead
 * letters.
 */
@QuarkusMain
public final class Parley {

    private static final String USAGE =
            """
            Parley stores the session data of chatbots.

              (no argument)   serve: Kafka in, DynamoDB, REST out
              replay          publish the records of the dead-letter topic again, each once

            It is configured by properties (-Dname=value) and environment variables;
            docs/configuration.md lists them.
            """;

    /** The names of the command that replays dead letters. {@code put-back} is the former name. */
    private static final Set<String> REPLAY = Set.of("replay", "put-back");

    private static final String PROFILE = "quarkus.profile";

    /**
     * The property that turns off Vert.x's validation of the URI. Without it, Quarkus refuses a
     * request whose target is not a URI, without a body and before any code of a service receives
     * it. It must be set before Quarkus starts. RouterProblems refuses such a request, too, and
     * gives the reason.
     */
    private static final String URI_VALIDATION_OFF = "vertx.disableURIValidation";

    /** The property of Java that names a file with logins of Kafka's clients, if there is one. */
    private static final String LOGINS = "java.security.auth.login.config";

    public static void main(String... arguments) {
        System.setProperty(URI_VALIDATION_OFF, "true");
        requireReadableLogins();
        if (arguments.length == 0) {
            Quarkus.run();
        } else if (arguments.length == 1 && REPLAY.contains(arguments[0])) {
            System.setProperty(PROFILE, profile() + "," + DeadLetterReplay.PROFILE);
            Quarkus.run(DeadLetterReplay.class);
        } else {
            System.err.print(USAGE);
            System.exit(2);
        }
    }

    /**
     * Validates the file of logins, because Java's own message about a file that it can't read
     * contains parts of passwords.
     */
    private static void requireReadableLogins() {
        if (System.getProperty(LOGINS) != null) {
            try {
                var _ = Configuration.getConfiguration();
            } catch (SecurityException e) {
                System.err.println(
                        "The file that " + LOGINS + " names can't be read as a file of logins");
                System.exit(1);
            }
        }
    }

    /** Returns the profile that the service would run with. */
    private static String profile() {
        String inEnvironment = System.getenv().getOrDefault("QUARKUS_PROFILE", "prod");
        return System.getProperty(PROFILE, inEnvironment);
    }
}
