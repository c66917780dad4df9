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

/** {@link LocalInfrastructure} in a JVM of its own, one for all tests of a run. */
public final class LocalInfrastructureProcess {

    static final String READY = "ready ";
    static final String FAILED = "failed ";

    /** A system property: Quarkus loads test classes more than once, so statics don't do. */
    private static final String SHARED = "parley.local.infrastructure";

    private LocalInfrastructureProcess() {}

    /**
     * Where the two listen.
     *
     * @param dynamoDb as in {@code http://127.0.0.1:8000}
     * @param kafka as in {@code 127.0.0.1:29092}
     */
    public record Addresses(String dynamoDb, String kafka) {}

    /** Those of this test run, started on free ports when first asked for. */
    public static synchronized Addresses shared() {
        String known = System.getProperty(SHARED);
        if (known == null) {
            known = start(0, 0);
            System.setProperty(SHARED, known);
        }
        int space = known.indexOf(' ');
        return new Addresses(known.substring(0, space), known.substring(space + 1));
    }

    private static String start(int dynamoDbPort, int kafkaPort) {
        try {
            Process process = launch(dynamoDbPort, kafkaPort);
            return firstWord(process);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String classPath() {
        return System.getProperty(
                "surefire.test.class.path", System.getProperty("java.class.path"));
    }

    /** A child on the class path of the tests, in a file: it is too long for a command line. */
    static Process launch(int dynamoDbPort, int kafkaPort) throws IOException {
        String classPath = classPath();
        Path arguments = Files.createTempFile("parley", ".args");
        arguments.toFile().deleteOnExit();
        Files.writeString(arguments, "-cp \"" + classPath.replace("\\", "\\\\") + "\"");
        List<String> command =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "@" + arguments,
                                "--enable-native-access=ALL-UNNAMED",
                                "--sun-misc-unsafe-memory-access=allow",
                                "-Djava.util.logging.manager=org.jboss.logmanager.LogManager",
                                "-Xmx1g",
                                LocalInfrastructure.class.getName(),
                                "" + dynamoDbPort,
                                "" + kafkaPort));
        return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    }

    private static String firstWord(Process process) throws IOException {
        BufferedReader output =
                new BufferedReader(
                        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            if (line.startsWith(READY)) {
                return line.substring(READY.length());
            }
            if (line.startsWith(FAILED)) {
                throw new IllegalStateException(line.substring(FAILED.length()));
            }
        }
        throw new IllegalStateException("the local infrastructure ended before it was ready");
    }
}
