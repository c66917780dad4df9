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
 * Runs the packaged service in its own process, in the production profile, on the local
 * infrastructure. It needs no authentication, unless the settings require it.
 */
public final class ServiceProcess implements AutoCloseable {

    /** DynamoDB Local accepts any credentials, but requires some. */
    private static final List<String> FIXED_CREDENTIALS =
            List.of("-Daws.accessKeyId=local", "-Daws.secretAccessKey=local");

    private final Process process;
    private final ServicePorts ports;
    private final Path log;

    /** The ports of the service: one for readers, one for operators. */
    private record ServicePorts(int http, int management) {}

    private ServiceProcess(Process process, ServicePorts ports, Path log) {
        this.process = process;
        this.ports = ports;
        this.log = log;
    }

    /**
     * Starts the service on the local infrastructure of this test run.
     *
     * @param settings further configuration, by property name
     */
    public static ServiceProcess start(Map<String, String> settings) {
        return start(LocalInfrastructureProcess.shared(), settings, List.of());
    }

    /** Runs a command of the service, which ends instead of accepting requests. */
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
     * @param settings further configuration, by property name
     * @param environment variables that configure where the service gets its credentials; it does
     *     not inherit the AWS variables of this JVM
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
     * Starts the service on another infrastructure.
     *
     * @param settings further configuration, by property name
     * @param jvmOptions such as {@code -Xmx256m}
     */
    public static ServiceProcess start(
            LocalInfrastructureProcess.Addresses addresses,
            Map<String, String> settings,
            List<String> jvmOptions) {
        return start(ServicePackage.built(), addresses, settings, jvmOptions);
    }

    /** Starts the service of that package on another infrastructure. */
    public static ServiceProcess start(
            ServicePackage servicePackage,
            LocalInfrastructureProcess.Addresses addresses,
            Map<String, String> settings,
            List<String> jvmOptions) {
        List<String> options = new ArrayList<>(jvmOptions);
        options.addAll(FIXED_CREDENTIALS);
        return launch(command(servicePackage, addresses, settings, options), List.of(), Map.of());
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
     * The command that starts the service.
     *
     * @param ports the ports on which the service will listen
     */
    private record Command(ServicePorts ports, List<String> words) {}

    private static Command command(
            ServicePackage servicePackage,
            LocalInfrastructureProcess.Addresses addresses,
            Map<String, String> settings,
            List<String> jvmOptions) {
        ServicePorts ports = new ServicePorts(Ports.free(), Ports.free());
        List<String> options = new ArrayList<>(jvmOptions);
        options.add("-Dquarkus.http.port=" + ports.http());
        options.add("-Dquarkus.management.port=" + ports.management());
        options.add("-Dparley.security.anonymous=true");
        options.add("-Dkafka.bootstrap.servers=" + addresses.kafka());
        options.add("-Dquarkus.dynamodb.endpoint-override=" + addresses.dynamoDb());
        options.add("-Dquarkus.dynamodb.aws.region=us-east-1");
        settings.forEach((name, value) -> options.add("-D" + name + "=" + value));
        return new Command(ports, servicePackage.command(options));
    }

    /** Sends a GET request and returns the response. Fails if there is no response. */
    public HttpResponse<String> get(String path) throws IOException, InterruptedException {
        try (HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            return client.send(
                    HttpRequest.newBuilder(uri(path)).timeout(Duration.ofMinutes(1)).build(),
                    BodyHandlers.ofString());
        }
    }

    /** Returns the address of a path on the port that serves it. */
    public URI uri(String path) {
        return uri(path.startsWith("/q/") ? ports.management() : ports.http(), path);
    }

    /** Returns the address of a path on the port for readers, even if it is not served there. */
    public URI uriForReaders(String path) {
        return uri(ports.http(), path);
    }

    /** Returns the address of a path on the port for operators, even if it is not served there. */
    public URI uriForOperators(String path) {
        return uri(ports.management(), path);
    }

    private static URI uri(int port, String path) {
        return URI.create("http://127.0.0.1:" + port + path);
    }

    public ProcessHandle handle() {
        return process.toHandle();
    }

    /** Returns the settings of a service with a topic, a group and a table of that name. */
    public static Map<String, String> settingsWithOwn(String name) {
        return Map.of(
                "parley.table.name", name,
                "parley.table.mode", "create",
                "mp.messaging.incoming.turns.topic", name,
                "mp.messaging.incoming.turns.group.id", name);
    }

    /** Terminates the service in order, as Kubernetes does. */
    public void terminate() {
        process.destroy();
    }

    /** Suspends the process, as an overloaded host may do. */
    public void suspend() {
        signal("STOP");
    }

    /** Resumes the suspended process. */
    public void resume() {
        signal("CONT");
    }

    private void signal(String name) {
        try {
            int code = new ProcessBuilder("kill", "-" + name, "" + process.pid()).start().waitFor();
            if (code != 0) {
                throw new IllegalStateException("kill -" + name + " failed with exit code " + code);
            }
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException("The signal could not be sent", e);
        }
    }

    /** Waits until the process ends and returns its exit code. */
    public int awaitExit(Duration timeout) throws InterruptedException {
        if (!process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new AssertionError("The service still runs after " + timeout + ":\n" + output());
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
