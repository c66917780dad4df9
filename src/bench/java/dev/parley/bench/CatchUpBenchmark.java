package dev.parley.bench;

import dev.parley.bench.MeasuredService.Rate;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Measures how much faster the service is when the turns of a session in one batch share a write.
 */
final class CatchUpBenchmark {

    private static final int TURNS = 4_000;

    private CatchUpBenchmark() {}

    static List<Row> rows(BenchSettings settings) throws Exception {
        try (BacklogTopic topic = new BacklogTopic();
                MeasuredService service =
                        MeasuredService.startOnTable(
                                "bench-" + UUID.randomUUID(), topic, settings, Map.of())) {
            BacklogRates measured =
                    BacklogRates.measure(new BacklogFeeder(topic, service), TURNS, settings);
            return List.of(
                    Row.of(
                                    "catchup.ratio",
                                    "throughput with ten turns of a new session close together, as a multiple of that with one write a turn to known sessions",
                                    Rounds.ratios(
                                                    measured.together(),
                                                    measured.apart(),
                                                    Rate::perSecond)
                                            .figure(""))
                            .atLeast(4),
                    cpu(
                                    "cpu",
                                    "CPU seconds of the service for 1,000 turns from Kafka to DynamoDB Local, one write a turn",
                                    measured.apart())
                            .atMost(0.3),
                    cpu("cpu.together", "the same, ten turns close together", measured.together())
                            .atMost(0.12),
                    row(
                            "together",
                            "throughput with ten turns close together",
                            measured.together()),
                    row("apart", "throughput with one write a turn", measured.apart()));
        }
    }

    private static Row cpu(String key, String what, List<Rate> rates) {
        return Row.of(
                "catchup." + key,
                what,
                Rounds.of(rates, rate -> 1_000 / rate.perCpuSecond()).figure("s"));
    }

    private static Row row(String key, String what, List<Rate> rates) {
        return Row.of("catchup." + key, what, Rounds.of(rates, Rate::perSecond).figure("turns/s"));
    }
}
