package dev.parley.local;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Starts another JVM with the class path of the tests and waits until it reports that it is ready.
 */
final class ChildJvm {

    /** The start of the line with which a child reports that it is ready. Its result follows. */
    private static final String READY = "ready ";

    /** The start of the line with which a child reports that it failed. The reason follows. */
    private static final String FAILED = "failed ";

    private ChildJvm() {}

    /**
     * Runs in the main method of a child: starts it, reports the result, and exits on a failure.
     */
    static void run(Callable<String> start) {
        try {
            System.out.println(READY + start.call());
        } catch (Exception e) {
            System.out.println(FAILED + causes(e));
            System.exit(1);
        }
    }

    /** Returns the messages of all causes in one line, since the last one is often the reason. */
    private static String causes(Throwable failure) {
        return Stream.iterate(failure, Objects::nonNull, Throwable::getCause)
                .map(cause -> "" + cause.getMessage())
                .distinct()
                .collect(Collectors.joining("; caused by: "))
                .replaceAll("\\R", " ");
    }

    static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    private static String classPath() {
        return System.getProperty(
                "surefire.test.class.path", System.getProperty("java.class.path"));
    }

    /** Starts a JVM. The class path is passed in a file, as it is too long for a command line. */
    static Process launch(Class<?> main, String... arguments) {
        return launch(List.of(), main, arguments);
    }

    static Process launch(List<String> jvmOptions, Class<?> main, String... arguments) {
        try {
            Path classPath = Files.createTempFile("parley", ".args");
            classPath.toFile().deleteOnExit();
            Files.writeString(classPath, "-cp \"" + classPath().replace("\\", "\\\\") + "\"");
            List<String> command =
                    new ArrayList<>(
                            List.of(
                                    java(),
                                    "@" + classPath,
                                    "--enable-native-access=ALL-UNNAMED",
                                    "--sun-misc-unsafe-memory-access=allow",
                                    "-Djava.util.logging.manager=org.jboss.logmanager.LogManager",
                                    "-Xmx1g"));
            command.addAll(jvmOptions);
            command.add(main.getName());
            command.addAll(List.of(arguments));
            return new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Waits until a child is ready.
     *
     * @return the result that the child reports
     * @throws IllegalStateException if the child failed or ended before it was ready
     */
    static String awaitReady(Process process) {
        BufferedReader output =
                new BufferedReader(
                        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        try {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                if (line.startsWith(READY)) {
                    return line.substring(READY.length());
                }
                if (line.startsWith(FAILED)) {
                    throw new IllegalStateException(line.substring(FAILED.length()));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        throw new IllegalStateException(
                "A JVM of the local infrastructure ended before it was ready");
    }
}
