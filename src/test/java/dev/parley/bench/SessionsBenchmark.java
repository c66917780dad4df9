package dev.parley.bench;

import dev.parley.bench.MeasuredService.Rate;
import dev.parley.local.LocalInfrastructureProcess;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Distinct sessions, one turn each: all that Kafka and the service do beside the requests must
 * hardly show. The service and the bare client take turns at writing to the same table.
 */
final class SessionsBenchmark {

    private static final int SESSIONS = 4_000;
    private static final int IN_FLIGHT = 16;

    private SessionsBenchmark() {}

    static List<Row> rows(BenchSettings settings) throws Exception {
        String table = "bench-" + UUID.randomUUID();
        String endpoint = LocalInfrastructureProcess.shared().dynamoDb();
        try (BacklogTopic topic = new BacklogTopic();
                MeasuredService service =
                        MeasuredService.start(
                                topic,
                                settings,
                                List.of("-Xmx512m"),
                                Map.of(
                                        "parley.table.name",
                                        table,
                                        "parley.table.mode",
                                        "create",
                                        "parley.ingest.concurrency",
                                        "" + IN_FLIGHT));
                BareClientProcess bare = BareClientProcess.start(endpoint, table, IN_FLIGHT)) {
            Feed feed = new Feed(topic, service);
            warmUp(settings, feed, bare);
            List<Rate> byService = new ArrayList<>();
            List<Rate> byClient = new ArrayList<>();
            for (int round = 0; round < settings.rounds(); round++) {
                byService.add(byService(feed, "service-" + round));
                byClient.add(byClient(bare, "bare-" + round));
            }
            return rows(byService, byClient);
        }
    }

    private static void warmUp(BenchSettings settings, Feed feed, BareClientProcess bare)
            throws Exception {
        for (int round = 0; !feed.isWarm(settings.warmUp()); round++) {
            byService(feed, "warm-service-" + round);
            byClient(bare, "warm-bare-" + round);
        }
    }

    private static Rate byService(Feed feed, String name) throws InterruptedException {
        return told(
                name,
                feed.rate(
                        Event.conversations(name + "-", SESSIONS, 0, 1, 1, Event.ordinary(7))
                                .toList()));
    }

    private static Rate byClient(BareClientProcess bare, String name) throws Exception {
        return told(name, bare.rate(name + "-", SESSIONS));
    }

    private static Rate told(String name, Rate rate) {
        Progress.say(
                "%s: %,.0f sessions/s, %,.0f by CPU second",
                name, rate.perSecond(), rate.perCpuSecond());
        return rate;
    }

    private static List<Row> rows(List<Rate> byService, List<Rate> byClient) {
        List<Double> ratios = new ArrayList<>();
        for (int i = 0; i < byService.size(); i++) {
            ratios.add(byService.get(i).perSecond() / byClient.get(i).perSecond());
        }
        return List.of(
                new Row(
                        "new sessions, one turn each, as a part of what the bare client reaches with the same requests, %d sessions at a time"
                                .formatted(IN_FLIGHT),
                        new Rounds(ratios).in("%.2f"),
                        "≥ 0.9"),
                row("the service", byService),
                row("the bare client", byClient));
    }

    private static Row row(String who, List<Rate> rates) {
        return new Row(
                "of that " + who,
                "%s sessions/s; %s by CPU second"
                        .formatted(
                                new Rounds(rates.stream().map(Rate::perSecond).toList()),
                                new Rounds(rates.stream().map(Rate::perCpuSecond).toList())),
                "");
    }
}
