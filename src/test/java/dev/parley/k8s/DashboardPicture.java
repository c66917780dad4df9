package dev.parley.k8s;

import dev.parley.k8s.Dashboard.Panel;
import dev.parley.k8s.Dashboard.Query;
import dev.parley.local.DemoTraffic;
import dev.parley.local.LocalInfrastructureProcess;
import dev.parley.local.LocalTopics;
import dev.parley.local.ServiceProcess;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;

/**
 * What {@code ./mvnw -Ppicture} makes: the packaged service under the demo's traffic and some
 * readers, a Prometheus that watches it, and what that answers to the dashboard's queries, drawn
 * where the dashboard has them.
 */
final class DashboardPicture {

    private static final Path PICTURE = Path.of("docs", "dashboard.png");
    private static final int COLUMNS = 24;
    private static final int COLUMN = 60;
    private static final int ROW = 27;
    private static final String RATES_OVER = "30s";
    private static final Duration BETWEEN_READS = Duration.ofMillis(40);
    private static final Duration FIRST_SAMPLES = Duration.ofSeconds(40);
    private static final Pattern LABEL = Pattern.compile("\\{\\{([a-z]+)}}");

    private DashboardPicture() {}

    /** Its argument says for how many minutes there is traffic. */
    public static void main(String[] arguments) throws Exception {
        Instant end = Instant.now().plus(Duration.ofMinutes(Long.parseLong(arguments[0])));
        Dashboard dashboard =
                Dashboard.of(Kustomize.overlay("production")).findFirst().orElseThrow();
        try (ServiceProcess service = ServiceProcess.start(Map.of("parley.table.mode", "create"));
                PrometheusServer prometheus = new PrometheusServer(service.uri("/q/metrics"));
                LocalTopics topics = new LocalTopics()) {
            DemoTraffic.start(LocalInfrastructureProcess.shared().kafka());
            Instant start = Instant.now();
            read(service, topics, end);
            draw(dashboard, prometheus, start.plus(FIRST_SAMPLES), end);
        }
        System.exit(0);
    }

    /** Readers as a dashboard has them, and now and then a platform that publishes nonsense. */
    private static void read(ServiceProcess service, LocalTopics topics, Instant end)
            throws InterruptedException {
        List<String> paths =
                List.of("/sessions/demo-1", "/sessions/demo-long/turns", "/sessions", "/stats");
        for (int i = 0; Instant.now().isBefore(end); i++) {
            try {
                var _ = service.get(paths.get(i % paths.size()));
            } catch (IOException e) {
                // It isn't up yet.
            }
            if (i % 500 == 499) {
                topics.publish("demo-1", "nonsense");
            }
            Thread.sleep(BETWEEN_READS);
        }
    }

    private static void draw(
            Dashboard dashboard, PrometheusServer prometheus, Instant from, Instant to)
            throws IOException, InterruptedException {
        BufferedImage picture =
                new BufferedImage(
                        COLUMNS * COLUMN, rows(dashboard) * ROW, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = picture.createGraphics();
        graphics.setColor(Color.WHITE);
        graphics.fillRect(0, 0, picture.getWidth(), picture.getHeight());
        graphics.setColor(Color.DARK_GRAY);
        graphics.setFont(new Font(Font.SANS_SERIF, Font.BOLD, 15));
        for (Panel panel : dashboard.panels()) {
            int x = panel.at("x") * COLUMN;
            int y = panel.at("y") * ROW;
            if (panel.isHeading()) {
                graphics.drawString(panel.text("title"), x + 8, y + 20);
            } else {
                PanelChart chart =
                        new PanelChart(panel, panel.at("w") * COLUMN, panel.at("h") * ROW);
                for (Query query : panel.queries()) {
                    String asked = dashboard.filled(query.expression(), RATES_OVER);
                    prometheus
                            .ask(asked, from, to)
                            .forEach(line -> chart.add(name(query, line.labels()), line));
                }
                chart.paint(graphics, x, y);
            }
        }
        Files.createDirectories(PICTURE.getParent());
        ImageIO.write(picture, "png", PICTURE.toFile());
    }

    private static int rows(Dashboard dashboard) {
        return dashboard.panels().stream()
                .mapToInt(panel -> panel.at("y") + panel.at("h"))
                .max()
                .orElseThrow();
    }

    private static String name(Query query, Map<String, String> labels) {
        return LABEL.matcher(query.name())
                .replaceAll(
                        match -> Matcher.quoteReplacement(labels.getOrDefault(match.group(1), "")));
    }
}
