package dev.parley.bench;

import dev.parley.bench.MeasuredService.Rate;
import java.util.ArrayList;
import java.util.List;

/**
 * What the service's own work costs: turns by second of its CPU, the store taking no time. The bare
 * client on the same stub says what of that the AWS client takes, and that the stub is no limit.
 */
final class StubBenchmark {

    private static final int TURNS = 8_000;
    private static final int CLIENT_SESSIONS = 8_000;
    private static final int CLIENT_WARM_UP_ROUNDS = 4;
    private static final int CLIENT_IN_FLIGHT = 16;

    private StubBenchmark() {}

    static List<Row> rows(BenchSettings settings) throws Exception {
        try (StubDynamoDb stub = new StubDynamoDb()) {
            TurnsOfTen measured = service(stub, settings);
            Rounds client = bareClient(stub, settings);
            return List.of(
                    row(
                                    "together",
                                    "the service on a stub that answers at once, ten turns of a session"
                                            + " close together",
                                    measured.together())
                            .atLeast(10_000),
                    row("apart", "the same, one write a turn", measured.apart()),
                    Row.of(
                            "stub.client",
                            "the bare client on the same stub",
                            client.figure("requests by CPU second")));
        }
    }

    private static TurnsOfTen service(StubDynamoDb stub, BenchSettings settings) throws Exception {
        try (BacklogTopic topic = new BacklogTopic();
                MeasuredService service =
                        MeasuredService.start(
                                topic, settings, List.of("-Xmx512m"), stub.settings())) {
            return TurnsOfTen.measure(new Feed(topic, service), TURNS, settings);
        }
    }

    private static Rounds bareClient(StubDynamoDb stub, BenchSettings settings) throws Exception {
        try (LoadProcess bare =
                LoadProcess.start(BareTurns.class, stub.endpoint(), "bench", CLIENT_IN_FLIGHT)) {
            rounds(bare, CLIENT_WARM_UP_ROUNDS);
            return rounds(bare, settings.rounds());
        }
    }

    private static Rounds rounds(LoadProcess bare, int rounds) throws Exception {
        List<Double> measured = new ArrayList<>();
        for (int i = 0; i < rounds; i++) {
            Rate rate = bare.measure("bare- " + CLIENT_SESSIONS).rate();
            Progress.say(
                    "bare client: %,.0f requests/s, %,.0f by CPU second",
                    rate.perSecond() * BareTurns.REQUESTS,
                    rate.perCpuSecond() * BareTurns.REQUESTS);
            measured.add(rate.perCpuSecond() * BareTurns.REQUESTS);
        }
        return new Rounds(measured);
    }

    private static Row row(String key, String what, List<Rate> rates) {
        return Row.of(
                "stub." + key,
                what,
                Rounds.of(rates, Rate::perCpuSecond).figure("turns by CPU second"),
                Rounds.of(rates, Rate::perSecond).figure("turns/s"));
    }
}
