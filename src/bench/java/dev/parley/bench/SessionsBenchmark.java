package dev.parley.bench;

import dev.parley.bench.Comparison.Side;
import dev.parley.bench.MeasuredService.Rate;
import dev.parley.local.LocalInfrastructureProcess;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Measures new sessions with one turn each. Everything that Kafka and the service do in addition to
 * the requests should cost little. The service and the bare client write to the same table
 * alternately.
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
                        MeasuredService.startOnTable(table, topic, settings, Map.of());
                LoadProcess bare =
                        LoadProcess.start(BareClientTurns.class, endpoint, table, IN_FLIGHT)) {
            BacklogFeeder feed = new BacklogFeeder(topic, service);
            Side<Rate> serviceSide = name -> printed(name, feed.measure(newSessions(name)));
            Side<Rate> clientSide =
                    name -> printed(name, bare.measure(name + "- " + SESSIONS).rate());
            Comparison.warmUp(() -> feed.isWarm(settings.warmUp()), serviceSide, clientSide);
            return rows(Comparison.measure(settings.rounds(), serviceSide, clientSide));
        }
    }

    private static List<Event> newSessions(String name) {
        return Event.conversations(name + "-", SESSIONS, 0, 1, 1, Event.ordinary(7)).toList();
    }

    private static Rate printed(String name, Rate rate) {
        Progress.print(
                "%s: %,.0f sessions/s, %,.0f per CPU second",
                name, rate.perSecond(), rate.perCpuSecond());
        return rate;
    }

    private static List<Row> rows(Comparison<Rate> measured) {
        return List.of(
                Row.of(
                                "sessions.ratio",
                                "new sessions with one turn each: throughput, divided by that of the bare client with one request for each item, %d at a time"
                                        .formatted(IN_FLIGHT),
                                measured.ratios(Rate::perSecond).figure(""))
                        .atLeast(1.5),
                row("service", "the service", measured.service()),
                row("client", "the bare client", measured.bare()),
                Row.of(
                        "sessions.client.cpu",
                        "CPU seconds of the bare client for 1,000 requests",
                        Rounds.of(
                                        measured.bare(),
                                        rate ->
                                                1_000
                                                        / (rate.perCpuSecond()
                                                                * BareClientTurns.REQUESTS))
                                .figure("s")));
    }

    private static Row row(String key, String side, List<Rate> rates) {
        return Row.of(
                "sessions." + key,
                "throughput of " + side,
                Rounds.of(rates, Rate::perSecond).figure("sessions/s"),
                Rounds.of(rates, Rate::perCpuSecond).figure("per CPU second"));
    }
}
