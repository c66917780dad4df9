package dev.parley.bench;

import dev.parley.bench.MeasuredService.Rate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What the service's own work costs: turns by second of its CPU, the store taking no time. */
final class StubBenchmark {

    private static final int SESSIONS = 3_600;
    private static final int TURNS = 10;
    private static final int CLOSE_TOGETHER = 20;

    private StubBenchmark() {}

    static List<Row> rows(BenchSettings settings) throws Exception {
        try (StubDynamoDb stub = new StubDynamoDb();
                BacklogTopic topic = new BacklogTopic();
                MeasuredService service =
                        MeasuredService.start(
                                topic,
                                settings,
                                List.of("-Xmx512m"),
                                Map.of(
                                        "parley.table.mode",
                                        "off",
                                        "quarkus.dynamodb.endpoint-override",
                                        stub.endpoint()))) {
            Feed feed = new Feed(topic, service);
            long warm = System.nanoTime() + settings.warmUp().toNanos();
            int round = 0;
            do {
                measure(feed, "warm-" + round++, round % 2 == 0 ? CLOSE_TOGETHER : SESSIONS);
            } while (System.nanoTime() < warm);
            List<Rate> together = new ArrayList<>();
            List<Rate> apart = new ArrayList<>();
            for (int i = 0; i < settings.rounds(); i++) {
                together.add(measure(feed, "together-" + i, CLOSE_TOGETHER));
                apart.add(measure(feed, "apart-" + i, SESSIONS));
            }
            return List.of(
                    row(
                            "the service on a stub that answers at once, ten turns of a session close together",
                            together,
                            "≥ 10,000 turns by CPU second"),
                    row("the same, one turn a write", apart, ""));
        }
    }

    private static Rate measure(Feed feed, String name, int together) throws InterruptedException {
        Rate rate =
                feed.rate(
                        Event.conversations(
                                        name + "-", SESSIONS, TURNS, together, Event.ordinary(7))
                                .toList());
        Progress.say(
                "%s: %,.0f turns/s, %,.0f by CPU second",
                name, rate.perSecond(), rate.perCpuSecond());
        return rate;
    }

    private static Row row(String what, List<Rate> rates, String goal) {
        Rounds cpu = new Rounds(rates.stream().map(Rate::perCpuSecond).toList());
        Rounds wall = new Rounds(rates.stream().map(Rate::perSecond).toList());
        return new Row(what, "%s turns by CPU second; %s turns/s".formatted(cpu, wall), goal);
    }
}
