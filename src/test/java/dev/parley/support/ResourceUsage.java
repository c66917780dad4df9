package dev.parley.support;

import static dev.parley.support.Timeouts.TIMEOUT;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;

import dev.parley.local.ServiceProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The resources that a service has used, as its metrics report them. */
public record ResourceUsage(ServiceProcess service) {

    /** Returns the read units that the service has consumed. */
    public double readUnits() throws IOException, InterruptedException {
        return Metrics.of(service.get("/q/metrics").body()).capacityUnits("kind=\"read\"");
    }

    /**
     * Waits until the service has read nothing for longer than the interval at which it polls a
     * followed session.
     *
     * @return the read units at that time
     */
    public double awaitNoReads() {
        List<Double> units = new ArrayList<>(List.of(-1.0));
        await().atMost(TIMEOUT)
                .pollInterval(Duration.ofMillis(700))
                .until(
                        () -> {
                            units.add(readUnits());
                            return units.getLast().equals(units.get(units.size() - 2));
                        });
        return units.getLast();
    }

    /**
     * Runs a full garbage collection, and returns how many megabytes of the heap are still in use.
     */
    public double liveHeap() throws IOException, InterruptedException {
        Process jcmd =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                                "" + service.handle().pid(),
                                "GC.run")
                        .redirectErrorStream(true)
                        .start();
        String output = new String(jcmd.getInputStream().readAllBytes(), UTF_8);
        if (jcmd.waitFor() != 0) {
            throw new IllegalStateException(output);
        }
        return sum("jvm_memory_used_bytes", "area=\"heap\"") / (1 << 20);
    }

    private double sum(String metric, String tag) throws IOException, InterruptedException {
        return service.get("/q/metrics")
                .body()
                .lines()
                .filter(line -> line.startsWith(metric) && line.contains(tag))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                .sum();
    }
}
