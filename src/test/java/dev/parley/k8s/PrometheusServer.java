package dev.parley.k8s;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.parley.local.Ports;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A Prometheus that collects the metrics of one service, on this machine alone. */
final class PrometheusServer implements AutoCloseable {

    private static final Duration STEP = Duration.ofSeconds(5);

    private final HttpClient http = HttpClient.newHttpClient();
    private final int port = Ports.free();
    private final Process process;

    /**
     * Values over time.
     *
     * @param labels that tell it from others of the same query
     */
    record Line(Map<String, String> labels, List<Instant> times, List<Double> values) {}

    PrometheusServer(URI metrics) throws IOException {
        Path folder = Files.createTempDirectory("prometheus");
        Path configuration = folder.resolve("prometheus.yml");
        Files.writeString(
                configuration,
                """
                scrape_configs:
                  - job_name: parley
                    scrape_interval: 5s
                    metrics_path: %s
                    static_configs:
                      - targets: ['%s']
                        labels: {namespace: parley, pod: parley-1}
                """
                        .formatted(metrics.getPath(), metrics.getAuthority()));
        process =
                new ProcessBuilder(
                                "prometheus",
                                "--config.file=" + configuration,
                                "--storage.tsdb.path=" + folder.resolve("data"),
                                "--web.listen-address=127.0.0.1:" + port)
                        .redirectErrorStream(true)
                        .redirectOutput(folder.resolve("prometheus.log").toFile())
                        .start();
    }

    List<Line> ask(String expression, Instant from, Instant to)
            throws IOException, InterruptedException {
        URI uri =
                URI.create(
                        "http://127.0.0.1:%d/api/v1/query_range?start=%d&end=%d&step=%d&query=%s"
                                .formatted(
                                        port,
                                        from.getEpochSecond(),
                                        to.getEpochSecond(),
                                        STEP.toSeconds(),
                                        URLEncoder.encode(expression, UTF_8)));
        String answer =
                http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString()).body();
        List<Line> lines = new ArrayList<>();
        for (JsonNode series : new JsonMapper().readTree(answer).at("/data/result")) {
            lines.add(line(series));
        }
        return lines;
    }

    private static Line line(JsonNode series) {
        List<Instant> times = new ArrayList<>();
        List<Double> values = new ArrayList<>();
        for (JsonNode sample : series.path("values")) {
            double value = Double.parseDouble(sample.get(1).asText());
            if (Double.isFinite(value)) {
                times.add(Instant.ofEpochSecond(sample.get(0).asLong()));
                values.add(value);
            }
        }
        return new Line(Manifests.fields(series.path("metric")), times, values);
    }

    @Override
    public void close() {
        process.destroy();
        http.close();
    }
}
