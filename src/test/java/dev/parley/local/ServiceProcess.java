package dev.parley.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The packaged service in a process of its own, in the production profile, on the local parts; open
 * to everybody, unless the settings say otherwise.
 */
public final class ServiceProcess implements AutoCloseable {

    /** DynamoDB Local takes any credentials, but wants some. */
    private static final List<String> FIXED_CREDENTIALS =
            List.of("-Daws.accessKeyId=local", "-Daws.secretAccessKey=local");

    private final Process process;
    private final Listening ports;
    private final Path log;

    /** Where it takes requests: those of readers, and those of operators. */
    private record Listening(int http, int management) {}

    private ServiceProcess(Process process, Listening ports, Path log) {
        this.process = process;
        this.ports = ports;
        this.log = log;
    }

    /**
     * Starts the service on the local parts of this test run.
     *
     * @param settings more configuration, by property name
     */
    public static ServiceProcess start(Map<String, String> settings) {
        return start(LocalInfrastructureProcess.shared(), settings, List.of());
    }

    /** The same, with a command to carry out instead of serving. */
    public static ServiceProcess startCommand(String name, Map<String, String> settings) {
        return launch(
                command(
                        ServicePackage.built(),
                        LocalInfrastructureProcess.shared(),
                        settings,
                        FIXED_CREDENTIALS),
                List.of(name),
                Map.of());
    }

    /**
     * Starts the service without credentials, on another DynamoDB.
     *
     * @param settings more configuration, by property name
     * @param environment variables that say where it gets its credentials; of this JVM's own
     *     environment it has nothing that is meant for AWS
     */
    public static ServiceProcess startWithoutCredentials(
            String dynamoDb, Map<String, String> settings, Map<String, String> environment) {
        LocalInfrastructureProcess.Addresses addresses =
                new LocalInfrastructureProcess.Addresses(
                        dynamoDb, LocalInfrastructureProcess.shared().kafka());
        return launch(
                command(ServicePackage.built(), addresses, settings, List.of()),
                List.of(),
                environment);
    }

    /**
     * Starts the service on other parts.
     *
     * @param settings more configuration, by property name
     * @param jvmOptions such as {@code -Xmx256m}
     */
    public static ServiceProcess start(
            LocalInfrastructureProcess.Addresses addresses,
            Map<String, String> settings,
            List<String> jvmOptions) {
        return start(ServicePackage.built(), addresses, settings, jvmOptions);
    }

    /** The same, of that package. */
    public static ServiceProcess start(
            ServicePackage made,
            LocalInfrastructureProcess.Addresses addresses,
            Map<String, String> settings,
            List<String> jvmOptions) {
        List<String> options = new ArrayList<>(jvmOptions);
        options.addAll(FIXED_CREDENTIALS);
        return launch(command(made, addresses, settings, options), List.of(), Map.of());
    }

    private static ServiceProcess launch(
            Command command, List<String> arguments, Map<String, String> environment) {
        try {
            Path log = Files.createTempFile("parley-service", ".log");
            log.toFile().deleteOnExit();
            List<String> words = new ArrayList<>(command.words());
            words.addAll(arguments);
            ProcessBuilder builder =
                    new ProcessBuilder(words)
                            .redirectErrorStream(true)
                            .redirectOutput(log.toFile());
            builder.environment().keySet().removeIf(name -> name.startsWith("AWS_"));
            builder.environment().putAll(environment);
            return new ServiceProcess(builder.start(), command.ports(), log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * What starts it.
     *
     * @param ports where it will listen
     */
    private record Command(Listening ports, List<String> words) {}

    private static Command command(
            ServicePackage made,
            LocalInfrastructureProcess.Addresses addresses,
            Map<String, String> settings,
            List<String> jvmOptions) {
        Listening ports = new Listening(Ports.free(), Ports.free());
        List<String> options = new ArrayList<>(jvmOptions);
        options.add("-Dquarkus.http.port=" + ports.http());
        options.add("-Dquarkus.management.port=" + ports.management());
        options.add("-Dparley.security.anonymous=true");
        options.add("-Dkafka.bootstrap.servers=" + addresses.kafka());
        options.add("-Dquarkus.dynamodb.endpoint-override=" + addresses.dynamoDb());
        options.add("-Dquarkus.dynamodb.aws.region=us-east-1");
        settings.forEach((name, value) -> options.add("-D" + name + "=" + value));
        return new Command(ports, made.command(options));
    }

    /** The answer to a GET; fails if there is none. */
    public HttpResponse<String> get(String path) throws IOException, InterruptedException {
        try (HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            return client.send(
                    HttpRequest.newBuilder(uri(path)).timeout(Duration.ofMinutes(1)).build(),
                    BodyHandlers.ofString());
        }
    }

    /** Of a path where it is served. */
    public URI uri(String path) {
        return uri(path.startsWith("/q/") ? ports.management() : ports.http(), path);
    }

    /** Of a path on the port of readers, whether or not it is served there. */
    public URI uriForReaders(String path) {
        return uri(ports.http(), path);
    }

    /** Of a path on the port of operators, whether or not it is served there. */
    public URI uriForOperators(String path) {
        return uri(ports.management(), path);
    }

    private static URI uri(int port, String path) {
        return URI.create("http://127.0.0.1:" + port + path);
    }

    public ProcessHandle handle() {
        return process.toHandle();
    }

    /** Asks it to end, as Kubernetes does. */
    public void terminate() {
        process.destroy();
    }

    /** Stops it in the midst of what it does, as a host that is short of everything does. */
    public void freeze() {
        signal("STOP");
    }

    /** Lets it go on. */
    public void thaw() {
        signal("CONT");
    }

    private void signal(String name) {
        try {
            int code = new ProcessBuilder("kill", "-" + name, "" + process.pid()).start().waitFor();
            if (code != 0) {
                throw new IllegalStateException("kill -" + name + " failed: " + code);
            }
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException("can't send a signal", e);
        }
    }

    /** Waits for its end and tells its exit code. */
    public int awaitExit(Duration patience) throws InterruptedException {
        if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new AssertionError("still runs after " + patience + ":\n" + output());
        }
        return process.exitValue();
    }

    public String output() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
