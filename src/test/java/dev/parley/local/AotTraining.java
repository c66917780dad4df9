package dev.parley.local;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Writes the AOT cache of the JVM: its loaded classes, and profiles of its methods, so that the
 * next start is faster and the JIT compilers know what to compile. It runs the packaged service on
 * a Kafka broker and DynamoDB Local, publishes conversations and reads them for some time, and then
 * ends the service, which writes the cache. The cache is valid only for exactly this JVM and
 * exactly these files with their modification times.
 *
 * <p>{@code ./mvnw -Paot} runs it for the jar, and docker/Dockerfile.jvm for the image.
 */
public final class AotTraining {

    /** The collector of k8s/base/parley.env: the layout of a part of the cache depends on it. */
    private static final String COLLECTOR = "-XX:+UseParallelGC";

    private static final Duration MAX_START = Duration.ofMinutes(3);
    private static final Duration MAX_EXIT = Duration.ofMinutes(5);
    private static final Duration BETWEEN_READS = Duration.ofMillis(10);
    private static final int READERS = 4;

    /**
     * One way in which traffic arrives: few turns at a time, or so many that they share requests.
     */
    private record Phase(int conversations, int turnsPerSecond, Duration time) {}

    private static final List<Phase> PHASES =
            List.of(
                    new Phase(50, 100, Duration.ofSeconds(10)),
                    new Phase(2_000, 3_000, Duration.ofSeconds(40)));

    private static final List<String> PATHS =
            List.of(
                    "/sessions/demo-%d",
                    "/sessions/demo-%d/turns?limit=50",
                    "/sessions/demo-%d/turns?order=desc&limit=5",
                    "/sessions?limit=20",
                    "/sessions?userId=u-%d",
                    "/q/health/ready",
                    "/q/metrics");

    private AotTraining() {}

    /** Arguments: quarkus-run.jar of the service, and the file to write. */
    public static void main(String[] arguments) throws Exception {
        Path cache = Path.of(arguments[1]);
        Files.deleteIfExists(cache);
        train(new ServicePackage(List.of("-jar", arguments[0]), false), cache);
        System.out.printf("Wrote %s, %,d MB%n", cache, Files.size(cache) >> 20);
        System.exit(0);
    }

    /**
     * Writes the cache for the service to a file. It takes about two minutes.
     *
     * @throws IllegalStateException if the service did not start or the JVM wrote no cache; the
     *     message contains the log
     */
    public static void train(ServicePackage service, Path cache)
            throws IOException, InterruptedException {
        LocalInfrastructureProcess.Addresses infrastructure = LocalInfrastructureProcess.shared();
        try (ServiceProcess process =
                ServiceProcess.start(
                        service,
                        infrastructure,
                        Map.of("parley.table.mode", "create"),
                        List.of("-XX:AOTCacheOutput=" + cache, COLLECTOR))) {
            awaitReady(process);
            for (Phase phase : PHASES) {
                run(phase, process, infrastructure.kafka());
            }
            process.terminate();
            process.awaitExit(MAX_EXIT);
            if (!process.output().contains("AOTCache creation is complete")) {
                throw new IllegalStateException("The JVM wrote no cache:\n" + process.output());
            }
        }
    }

    private static void awaitReady(ServiceProcess service) throws InterruptedException {
        long end = System.nanoTime() + MAX_START.toNanos();
        while (!isReady(service)) {
            if (System.nanoTime() > end || !service.handle().isAlive()) {
                throw new IllegalStateException(
                        "The service did not become ready:\n" + service.output());
            }
            Thread.sleep(BETWEEN_READS);
        }
    }

    private static boolean isReady(ServiceProcess service) throws InterruptedException {
        try {
            return service.get("/q/health/ready").statusCode() == 200;
        } catch (IOException e) {
            return false;
        }
    }

    private static void run(Phase phase, ServiceProcess service, String bootstrapServers)
            throws IOException, InterruptedException {
        System.out.printf(
                "Training for %d s: %,d turns/s of %,d conversations at a time, and %d readers%n",
                phase.time().toSeconds(), phase.turnsPerSecond(), phase.conversations(), READERS);
        try (HttpClient client =
                        HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
                ExecutorService readers = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < READERS; i++) {
                Random random = new Random(i);
                readers.execute(() -> read(client, service, random));
            }
            DemoTraffic.publishBusyTraffic(
                    bootstrapServers, phase.conversations(), phase.turnsPerSecond(), phase.time());
            readers.shutdownNow();
        }
    }

    /** Sends requests until it is interrupted. */
    private static void read(HttpClient client, ServiceProcess service, Random random) {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                String path =
                        PATHS.get(random.nextInt(PATHS.size())).formatted(1 + random.nextInt(50));
                URI uri = service.uri(path);
                client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.discarding());
                Thread.sleep(BETWEEN_READS);
            }
        } catch (IOException e) {
            System.out.printf("A read failed: %s%n", e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
