package dev.parley.bench;

import dev.parley.bench.Comparison.Side;
import dev.parley.bench.MeasuredService.Rate;
import dev.parley.local.LocalInfrastructureProcess;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Distinct sessions, one turn each: all that Kafka and the service do beside the requests must
 * hardly show. The service and the bare client take turns at writing to the same table.
 */
final class SessionsBenchmark {

    private static final int SESSIONS = 2_000;
    private static final int IN_FLIGHT = 16;

    private SessionsBenchmark() {}

    static List<Row> rows(BenchSettings settings) throws Exception {
        String table = "bench-" + UUID.randomUUID();
        String endpoint = LocalInfrastructureProcess.shared().dynamoDb();
        try (BacklogTopic topic = new BacklogTopic();
                MeasuredService service =
                        MeasuredService.startOnTable(
                                table,
                                topic,
                                settings,
                                Map.of("parley.ingest.concurrency", "" + IN_FLIGHT));
                LoadProcess bare = LoadProcess.start(BareTurns.class, endpoint, table, IN_FLIGHT)) {
            Feed feed = new Feed(topic, service);
            Side<Rate> byService = name -> told(name, feed.rate(newSessions(name)));
            Side<Rate> byClient = name -> told(name, bare.measure(name + "- " + SESSIONS).rate());
            Comparison.warmUp(() -> feed.isWarm(settings.warmUp()), byService, byClient);
            return rows(Comparison.of(settings.rounds(), byService, byClient));
        }
    }

    private static List<Event> newSessions(String name) {
        return Event.conversations(name + "-", SESSIONS, 0, 1, 1, Event.ordinary(7)).toList();
    }

    private static Rate told(String name, Rate rate) {
        Progress.say(
                "%s: %,.0f sessions/s, %,.0f by CPU second",
                name, rate.perSecond(), rate.perCpuSecond());
        return rate;
    }

    private static List<Row> rows(Comparison<Rate> measured) {
        return List.of(
                Row.of(
                                "sessions.ratio",
                                "new sessions, one turn each, as a part of what the bare client reaches with the same requests, %d sessions at a time"
                                        .formatted(IN_FLIGHT),
                                measured.ratios(Rate::perSecond).figure(""))
                        .atLeast(0.9),
                row("service", "the service", measured.service()),
                row("client", "the bare client", measured.bare()),
                Row.of(
                        "sessions.client.cpu",
                        "CPU seconds of the bare client for 1,000 requests",
                        Rounds.of(
                                        measured.bare(),
                                        rate -> 1_000 / (rate.perCpuSecond() * BareTurns.REQUESTS))
                                .figure("s")));
    }

    private static Row row(String key, String who, List<Rate> rates) {
        return Row.of(
                "sessions." + key,
                "of that " + who,
                Rounds.of(rates, Rate::perSecond).figure("sessions/s"),
                Rounds.of(rates, Rate::perCpuSecond).figure("by CPU second"));
    }
}
