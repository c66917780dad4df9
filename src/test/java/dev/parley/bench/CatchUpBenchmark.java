package dev.parley.bench;

import dev.parley.bench.MeasuredService.Rate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** What it gains that the turns of a session in one batch are one write. */
final class CatchUpBenchmark {

    private CatchUpBenchmark() {}

    static List<Row> rows(BenchSettings settings) throws Exception {
        try (BacklogTopic topic = new BacklogTopic();
                MeasuredService service =
                        MeasuredService.start(
                                topic,
                                settings,
                                List.of("-Xmx512m"),
                                Map.of(
                                        "parley.table.name",
                                        "bench-" + UUID.randomUUID(),
                                        "parley.table.mode",
                                        "create"))) {
            TurnsOfTen measured = TurnsOfTen.measure(new Feed(topic, service), settings);
            return List.of(
                    new Row(
                            "catch-up with ten turns of a new session close together, as a multiple"
                                    + " of one write a turn to known sessions",
                            ratios(measured).in("%.1f"),
                            "≥ 4"),
                    row("of that close together", measured.together()),
                    row("of that one write a turn", measured.apart()));
        }
    }

    private static Rounds ratios(TurnsOfTen measured) {
        List<Double> ratios = new ArrayList<>();
        for (int i = 0; i < measured.together().size(); i++) {
            ratios.add(
                    measured.together().get(i).perSecond() / measured.apart().get(i).perSecond());
        }
        return new Rounds(ratios);
    }

    private static Row row(String what, List<Rate> rates) {
        return new Row(
                what, new Rounds(rates.stream().map(Rate::perSecond).toList()) + " turns/s", "");
    }
}
