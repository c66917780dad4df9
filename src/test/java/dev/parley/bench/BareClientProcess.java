package dev.parley.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.parley.bench.MeasuredService.Rate;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.file.Path;

/** {@link BareClient} in its own JVM, which ends with its input, and so with this one. */
final class BareClientProcess implements AutoCloseable {

    private final Process process;
    private final PrintStream commands;
    private final BufferedReader answers;

    private BareClientProcess(Process process) {
        this.process = process;
        commands = new PrintStream(process.getOutputStream(), true, UTF_8);
        answers = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8));
    }

    static BareClientProcess start(String endpoint, String table, int inFlight) throws IOException {
        return new BareClientProcess(
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-Xmx512m",
                                "-Djava.util.logging.manager=org.jboss.logmanager.LogManager",
                                "-cp",
                                System.getProperty("java.class.path"),
                                BareClient.class.getName(),
                                endpoint,
                                table,
                                "" + inFlight)
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start());
    }

    /** Has it write that many new sessions. */
    Rate rate(String prefix, int sessions) throws IOException {
        commands.println(prefix + " " + sessions);
        String answer = answers.readLine();
        if (answer == null) {
            throw new IllegalStateException("the bare client has ended");
        }
        int space = answer.indexOf(' ');
        return new Rate(
                Double.parseDouble(answer.substring(0, space)),
                Double.parseDouble(answer.substring(space + 1)));
    }

    @Override
    public void close() {
        process.destroy();
    }
}
