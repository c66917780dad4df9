package dev.parley.bench;

import dev.parley.bench.Comparison.Side;
import dev.parley.bench.MeasuredService.Rate;
import dev.parley.local.LocalInfrastructureProcess;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;

/**
 * Measures the first turns of new sessions, and their second turns, each as one write. Everything
 * that Kafka and the service do in addition to the requests should cost little. The service and the
 * bare client write to the same table alternately.
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
            Side<Turns> serviceSide =
                    name ->
                            new Turns(
                                    printed(name + " new", feed.measure(turns(name, 0))),
                                    printed(name + " known", feed.measure(turns(name, 1))));
            Side<Turns> clientSide =
                    name ->
                            new Turns(
                                    printed(
                                            name + " new",
                                            bare.measure(name + "- " + SESSIONS).rate()),
                                    printed(
                                            name + " known",
                                            bare.measure(BareClientTurns.SECOND).rate()));
            Comparison.warmUp(() -> feed.isWarm(settings.warmUp()), serviceSide, clientSide);
            return rows(Comparison.measure(settings.rounds(), serviceSide, clientSide));
        }
    }

    /** The rates of the first turns of new sessions, and of the second turns, of known ones. */
    private record Turns(Rate ofNew, Rate ofKnown) {}

    /** Returns the turn with that number of each session. */
    private static List<Event> turns(String name, int number) {
        return Event.conversations(name + "-", SESSIONS, number, 1, 1, Event.ordinary(7 + number))
                .toList();
    }

    private static Rate printed(String name, Rate rate) {
        Progress.print(
                "%s: %,.0f sessions/s, %,.0f per CPU second",
                name, rate.perSecond(), rate.perCpuSecond());
        return rate;
    }

    private static List<Row> rows(Comparison<Turns> measured) {
        return List.of(
                Row.of(
                                "sessions.ratio",
                                "new sessions with one turn each: throughput, divided by that of the bare client with one request for each item, %d at a time"
                                        .formatted(IN_FLIGHT),
                                measured.ratios(turns -> turns.ofNew().perSecond()).figure(""))
                        .atLeast(1.5),
                row("service", "the service", measured.service(), Turns::ofNew),
                row("client", "the bare client", measured.bare(), Turns::ofNew),
                Row.of(
                                "sessions.known.ratio",
                                "turns of known sessions, one write each: throughput, divided by that of the bare client with one request for each item",
                                measured.ratios(turns -> turns.ofKnown().perSecond()).figure(""))
                        .atLeast(1.2),
                row("known.service", "the service", measured.service(), Turns::ofKnown),
                row("known.client", "the bare client", measured.bare(), Turns::ofKnown),
                Row.of(
                        "sessions.client.cpu",
                        "CPU seconds of the bare client for 1,000 requests",
                        Rounds.of(
                                        measured.bare(),
                                        turns ->
                                                1_000
                                                        / (turns.ofNew().perCpuSecond()
                                                                * BareClientTurns.REQUESTS))
                                .figure("s")));
    }

    private static Row row(
            String key, String side, List<Turns> measured, Function<Turns, Rate> kind) {
        List<Rate> rates = measured.stream().map(kind).toList();
        return Row.of(
                "sessions." + key,
                "throughput of " + side,
                Rounds.of(rates, Rate::perSecond).figure("sessions/s"),
                Rounds.of(rates, Rate::perCpuSecond).figure("per CPU second"));
    }
}
