package dev.parley.support;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;

import dev.parley.local.ServiceProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What a service tells of its costs. */
public record ServiceFigures(ServiceProcess service) {

    /** Read units that it has consumed. */
    public double readUnits() throws IOException, InterruptedException {
        return Metrics.of(service.get("/q/metrics").body()).units("kind=\"read\"");
    }

    /**
     * Waits until it has read nothing for a while, longer than it takes between two looks at a
     * session that is followed.
     *
     * @return the read units by then
     */
    public double awaitNothingIsRead() {
        List<Double> units = new ArrayList<>(List.of(-1.0));
        await().atMost(Duration.ofMinutes(3))
                .pollInterval(Duration.ofMillis(700))
                .until(
                        () -> {
                            units.add(readUnits());
                            return units.getLast().equals(units.get(units.size() - 2));
                        });
        return units.getLast();
    }

    /** Megabytes of its heap that are left by a whole collection. */
    public double liveHeap() throws IOException, InterruptedException {
        Process jcmd =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                                "" + service.handle().pid(),
                                "GC.run")
                        .redirectErrorStream(true)
                        .start();
        String said = new String(jcmd.getInputStream().readAllBytes(), UTF_8);
        if (jcmd.waitFor() != 0) {
            throw new IllegalStateException(said);
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
