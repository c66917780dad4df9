package dev.parley.k8s;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jboss.logging.Logger;

/** Programs that operators use, too. */
final class Command {

    private static final Logger LOG = Logger.getLogger(Command.class);

    /** What a program said; {@code exit} is 0 if it went well. */
    record Output(int exit, String text, String errors) {}

    private Command() {}

    /** Runs it to its end; skips the test that asks for it where there is no such program. */
    static Output run(String... words) {
        try {
            Path errors = Files.createTempFile("command", ".log");
            Process process = start(words, errors);
            String text = new String(process.getInputStream().readAllBytes(), UTF_8);
            Output output = new Output(process.waitFor(), text, Files.readString(errors));
            Files.delete(errors);
            return output;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Process start(String[] words, Path errors) {
        try {
            return new ProcessBuilder(words).redirectError(errors.toFile()).start();
        } catch (IOException e) {
            return missing(words[0], e);
        }
    }

    /** Who lacks it can work on all the rest; where everything is checked, it must be there. */
    private static Process missing(String program, IOException e) {
        if (System.getenv("CI") != null) {
            throw new AssertionError(program + " is missing, so that k8s/ can't be checked", e);
        }
        LOG.warnf("Skipped, since %s isn't on this machine: a check of k8s/", program);
        return abort(program + " isn't on this machine");
    }
}
