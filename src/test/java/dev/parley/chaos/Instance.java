package dev.parley.chaos;

import static dev.parley.support.Timeouts.TIMEOUT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.e2e.LivenessWatch;
import dev.parley.local.LocalInfrastructureProcess.Addresses;
import dev.parley.local.ServiceProcess;
import dev.parley.support.Metrics;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** An instance of the packaged service. It must report that it is alive until the test ends it. */
final class Instance implements AutoCloseable {

    private static final Path LOGS = Path.of("target", "chaos");
    private static final String HEAP = "-Xmx256m";

    /** The exit code of a JVM that was terminated. */
    private static final int TERMINATED = 143;

    /**
     * The shortest session timeout that the broker allows: a killed instance keeps its partitions
     * for that long. Commits and retries also happen sooner than in production, so that the test is
     * shorter.
     */
    private static final Map<String, String> SETTINGS =
            Map.of(
                    "parley.table.mode", "create",
                    "parley.table.max-profile-bytes", RejectedRecord.MAX_PROFILE_BYTES,
                    "mp.messaging.incoming.turns.session.timeout.ms", "6000",
                    "mp.messaging.incoming.turns.heartbeat.interval.ms", "1000",
                    "mp.messaging.incoming.turns.auto.commit.interval.ms", "1000",
                    "parley.ingest.retry-longest", "2s");

    private final ServiceProcess process;
    private final LivenessWatch watch;
    private final Path log;

    private Instance(ServiceProcess process, LivenessWatch watch, Path log) {
        this.process = process;
        this.watch = watch;
        this.log = log;
    }

    /** Starts an instance and waits until it reports that it is alive. */
    static Instance start(int number, Addresses addresses, List<String> jvmOptions) {
        Path log = LOGS.resolve("service-%d.log".formatted(number));
        ServiceProcess process = ServiceProcess.start(addresses, SETTINGS, withHeap(jvmOptions));
        try {
            await().atMost(TIMEOUT)
                    .ignoreExceptions()
                    .until(() -> process.get("/q/health/live").statusCode() == 200);
            return new Instance(process, new LivenessWatch(process.uri("/q/health/live")), log);
        } catch (RuntimeException e) {
            process.close();
            saveLog(process, log);
            throw e;
        }
    }

    private static List<String> withHeap(List<String> jvmOptions) {
        return Stream.concat(jvmOptions.stream(), Stream.of(HEAP)).toList();
    }

    /** Kills the instance, as {@code kill -9} does. */
    void kill() {
        try {
            watch.close();
        } finally {
            close();
        }
    }

    /** Terminates the instance, as Kubernetes does, and asserts that it ends in order. */
    void terminate() throws InterruptedException {
        try {
            watch.close();
            process.terminate();
            assertThat(process.awaitExit(TIMEOUT)).isEqualTo(TERMINATED);
        } finally {
            close();
        }
    }

    /** Asserts that all received records are settled. A metric without records is absent. */
    void assertEachRecordCountedOnce() throws IOException, InterruptedException {
        Metrics metrics = Metrics.of(process.get("/q/metrics").body());
        double settled = metrics.records().values().stream().mapToDouble(Double::doubleValue).sum();
        assertThat(metrics.values().getOrDefault("parley_records_in_flight", 0.0))
                .as("records in flight")
                .isZero();
        assertThat(settled)
                .as("records with an outcome, compared to records received")
                .isEqualTo(metrics.values().getOrDefault("parley_records_received_total", 0.0));
    }

    private static void saveLog(ServiceProcess process, Path log) {
        try {
            Files.createDirectories(LOGS);
            Files.writeString(log, process.output());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        process.close();
        saveLog(process, log);
    }
}
