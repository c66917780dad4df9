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

/** Another JVM on the class path of the tests, which says when it is ready. */
final class ChildJvm {

    /** What the line starts with that says so; the rest of it is what it has to tell. */
    private static final String READY = "ready ";

    /** What the line starts with that says why it will never be. */
    private static final String FAILED = "failed ";

    private ChildJvm() {}

    /** What a child's main method does: starts, tells its parent, and ends if it can't. */
    static void run(Callable<String> start) {
        try {
            System.out.println(READY + start.call());
        } catch (Exception e) {
            System.out.println(FAILED + causes(e));
            System.exit(1);
        }
    }

    /** On one line: the server's own reason is often the last. */
    private static String causes(Throwable failure) {
        return Stream.iterate(failure, Objects::nonNull, Throwable::getCause)
                .map(cause -> "" + cause.getMessage())
                .distinct()
                .collect(Collectors.joining(", since: "))
                .replaceAll("\\R", " ");
    }

    static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    private static String classPath() {
        return System.getProperty(
                "surefire.test.class.path", System.getProperty("java.class.path"));
    }

    /** Its class path is in a file: it is too long for a command line. */
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
     * Waits until it is ready.
     *
     * @return what it has to tell
     * @throws IllegalStateException if it failed or ended instead
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
        throw new IllegalStateException("a JVM of the local parts ended before it was ready");
    }
}
