package dev.parley.bench;

import dev.parley.bench.MeasuredService.Rate;
import java.util.ArrayList;
import java.util.List;

/**
 * Measures what the service's own work costs: turns per CPU second with a store that answers at
 * once. The bare client on the same stub shows how much of that the AWS client takes, and that the
 * stub is not the limit.
 */
final class StubBenchmark {

    private static final int TURNS = 8_000;
    private static final int CLIENT_SESSIONS = 8_000;
    private static final int CLIENT_WARM_UP_ROUNDS = 4;
    private static final int CLIENT_IN_FLIGHT = 16;

    private StubBenchmark() {}

    static List<Row> rows(BenchSettings settings) throws Exception {
        try (StubDynamoDb stub = new StubDynamoDb()) {
            BacklogRates measured = measureService(stub, settings);
            Rounds client = measureClient(stub, settings);
            return List.of(
                    row(
                                    "together",
                                    "the service on a stub that answers at once, ten turns of a session close together",
                                    measured.together())
                            .atLeast(12_000),
                    row("apart", "the same, one write a turn", measured.apart()),
                    Row.of(
                            "stub.client",
                            "the bare client on the same stub",
                            client.figure("requests per CPU second")));
        }
    }

    private static BacklogRates measureService(StubDynamoDb stub, BenchSettings settings)
            throws Exception {
        try (BacklogTopic topic = new BacklogTopic();
                MeasuredService service =
                        MeasuredService.start(
                                topic, settings, List.of("-Xmx512m"), stub.settings())) {
            return BacklogRates.measure(new BacklogFeeder(topic, service), TURNS, settings);
        }
    }

    private static Rounds measureClient(StubDynamoDb stub, BenchSettings settings)
            throws Exception {
        try (LoadProcess bare =
                LoadProcess.start(
                        BareClientTurns.class, stub.endpoint(), "bench", CLIENT_IN_FLIGHT)) {
            measureRounds(bare, CLIENT_WARM_UP_ROUNDS);
            return measureRounds(bare, settings.rounds());
        }
    }

    private static Rounds measureRounds(LoadProcess bare, int rounds) throws Exception {
        List<Double> measured = new ArrayList<>();
        for (int i = 0; i < rounds; i++) {
            Rate rate = bare.measure("bare- " + CLIENT_SESSIONS).rate();
            Progress.print(
                    "bare client: %,.0f requests/s, %,.0f per CPU second",
                    rate.perSecond() * BareClientTurns.REQUESTS,
                    rate.perCpuSecond() * BareClientTurns.REQUESTS);
            measured.add(rate.perCpuSecond() * BareClientTurns.REQUESTS);
        }
        return new Rounds(measured);
    }

    private static Row row(String key, String what, List<Rate> rates) {
        return Row.of(
                "stub." + key,
                what,
                Rounds.of(rates, Rate::perCpuSecond).figure("turns per CPU second"),
                Rounds.of(rates, Rate::perSecond).figure("turns/s"));
    }
}
