package dev.parley.k8s;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jboss.logging.Logger;

/** Runs a program of this machine, such as {@code kubectl}. */
final class Command {

    private static final Logger LOG = Logger.getLogger(Command.class);

    /** What a program has written, and its exit code. The exit code 0 means success. */
    record Output(int exit, String text, String errors) {}

    private Command() {}

    /**
     * Runs a program and waits until it ends. Skips the calling test if the program is not
     * installed.
     */
    static Output run(String... command) {
        try {
            Path errors = Files.createTempFile("command", ".log");
            Process process = start(command, errors);
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

    private static Process start(String[] command, Path errors) {
        try {
            return new ProcessBuilder(command).redirectError(errors.toFile()).start();
        } catch (IOException e) {
            return abortWithout(command[0], e);
        }
    }

    /**
     * Skips the test on a developer's machine. Fails it where the variable {@code CI} is set, since
     * nothing may be skipped there.
     */
    private static Process abortWithout(String program, IOException e) {
        if (System.getenv("CI") != null) {
            throw new AssertionError(
                    program + " is not installed, so that k8s/ cannot be checked", e);
        }
        LOG.warnf("Skipped a check of k8s/, since %s is not installed", program);
        return abort(program + " is not installed");
    }
}
