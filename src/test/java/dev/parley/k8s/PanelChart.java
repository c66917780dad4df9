package dev.parley.k8s;

import dev.parley.k8s.Dashboard.Panel;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.util.Date;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.XYStyler;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** One panel, as lines over time. */
final class PanelChart {

    private static final Map<String, Function<Double, String>> UNITS =
            Map.of(
                    "cps", value -> number(value) + "/s",
                    "reqps", value -> number(value) + "/s",
                    "s", value -> value < 1 ? number(value * 1_000) + " ms" : number(value) + " s",
                    "currencyUSD", value -> "$" + number(value),
                    "percentunit", value -> number(value * 100) + "%",
                    "bytes", value -> number(value / (1 << 20)) + " MiB",
                    "short", PanelChart::number);

    private final XYChart chart;

    PanelChart(Panel panel, int width, int height) {
        chart = new XYChartBuilder().width(width).height(height).title(panel.text("title")).build();
        Function<Double, String> unit = UNITS.getOrDefault(panel.unit(), PanelChart::number);
        chart.getStyler()
                .setLegendPosition(Styler.LegendPosition.OutsideS)
                .setLegendLayout(Styler.LegendLayout.Horizontal)
                .setLegendFont(new Font(Font.SANS_SERIF, Font.PLAIN, 10))
                .setLegendBorderColor(Color.WHITE)
                .setLegendPadding(2)
                .setChartTitleFont(new Font(Font.SANS_SERIF, Font.BOLD, 12))
                .setChartTitleBoxVisible(false)
                .setChartBackgroundColor(Color.WHITE)
                .setChartPadding(4);
        XYStyler axes = chart.getStyler();
        axes.setYAxisMin(0.0);
        axes.setDatePattern("HH:mm");
        axes.setAxisTickLabelsFont(new Font(Font.SANS_SERIF, Font.PLAIN, 10));
        axes.setPlotBorderVisible(false);
        axes.setPlotGridLinesColor(new Color(0xE5E5E5));
        axes.setyAxisTickLabelsFormattingFunction(unit);
    }

    /** Adds it, unless there is nothing in it. */
    void add(String name, PrometheusServer.Line line) {
        if (!line.values().isEmpty()) {
            String distinct = chart.getSeriesMap().containsKey(name) ? name + "'" : name;
            chart.addSeries(distinct, dates(line), line.values()).setMarker(SeriesMarkers.NONE);
        }
    }

    private static List<Date> dates(PrometheusServer.Line line) {
        return line.times().stream().map(Date::from).toList();
    }

    /** Fails if there is nothing to be seen: then its query is wrong, or nothing happened. */
    void paint(Graphics2D graphics, int x, int y) {
        if (chart.getSeriesMap().isEmpty()) {
            throw new IllegalStateException("there is nothing in: " + chart.getTitle());
        }
        Graphics2D here = (Graphics2D) graphics.create(x, y, chart.getWidth(), chart.getHeight());
        chart.paint(here, chart.getWidth(), chart.getHeight());
        here.dispose();
    }

    private static String number(double value) {
        double size = Math.abs(value);
        String pattern = size >= 100 || size == 0 ? "%.0f" : size >= 1 ? "%.1f" : "%.3f";
        return String.format(Locale.ROOT, pattern, value);
    }
}
