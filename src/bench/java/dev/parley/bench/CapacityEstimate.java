package dev.parley.bench;

import dev.parley.dynamodb.table.TableDefaults;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleFunction;
import java.util.stream.Collectors;

/**
 * Calculates from the measured figures what a steady rate of turns costs a month and what it needs.
 * The result is the generated part of docs/capacity.md.
 *
 * @param writeUnits write units of a turn
 * @param readUnits read units of a session with its recent turns
 * @param bytes bytes that are stored for a turn
 * @param cpu CPU seconds of the service for a turn
 */
record CapacityEstimate(double writeUnits, double readUnits, double bytes, double cpu) {

    /**
     * The price in dollars of a unit, or of a GB for a month, on demand in us-east-1 since November
     * 2024: <a href="https://aws.amazon.com/dynamodb/pricing/on-demand/">the prices of
     * DynamoDB</a>.
     */
    private static final double WRITE_UNIT_PRICE = 0.625 / 1e6;

    private static final double READ_UNIT_PRICE = 0.125 / 1e6;
    private static final double GB_MONTH_PRICE = 0.25;

    private static final double SECONDS_PER_DAY = 86_400;
    private static final double SECONDS_PER_MONTH = 365 * SECONDS_PER_DAY / 12;

    private static final Duration RETENTION = TableDefaults.retention();
    private static final int DAY_SHARDS = TableDefaults.dayShards();

    /**
     * The write units a second that a partition takes: <a
     * href="https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/bp-partition-key-design.html">partition
     * keys</a>.
     */
    private static final double PARTITION_WRITE_UNITS = 1_000;

    /** The turns of a session in the figures that are used here. */
    private static final int TURNS_PER_SESSION = 20;

    /** The used part of a pod's core. The rest lets the pod catch up at twice the rate. */
    private static final double POD_UTILIZATION = 0.5;

    /** With two pods, one can fail or be replaced. */
    private static final int MIN_PODS = 2;

    /** The number of partitions that the alerts and the overlays assume. */
    private static final int MIN_TOPIC_PARTITIONS = 6;

    private static final List<Double> RATES = List.of(1.0, 100.0, 10_000.0);

    /** Returns whether the report contains the figures that are needed. */
    static boolean canBeMadeFrom(Report report) {
        return List.of("cost.write.20", "cost.recent", "cost.bytes", "catchup.cpu").stream()
                .allMatch(key -> report.row(key).isPresent());
    }

    static CapacityEstimate of(Report report) {
        return new CapacityEstimate(
                median(report, "cost.write.20"),
                median(report, "cost.recent"),
                median(report, "cost.bytes"),
                median(report, "catchup.cpu") / 1_000);
    }

    private static double median(Report report, String key) {
        return report.row(key).orElseThrow().figures().getFirst().median();
    }

    String markdown() {
        return table() + explanation();
    }

    private String table() {
        return String.join(
                "\n",
                row("turns a second", rate -> "%,.0f".formatted(rate)),
                "|---|---|---|---|",
                row("writes, a month", rate -> dollars(writePrice(rate))),
                row(
                        "reads, one read of the session for each turn",
                        rate -> dollars(readPrice(rate))),
                row(
                        "storage, after %d days".formatted(RETENTION.toDays()),
                        rate -> dollars(storagePrice(rate))),
                row(
                        "total",
                        rate -> dollars(writePrice(rate) + readPrice(rate) + storagePrice(rate))),
                row(
                        "write units a second",
                        rate -> "%,.0f".formatted(Math.ceil(rate * writeUnits))),
                row(
                        "DynamoDB partitions that these write units fill",
                        rate -> "%,.0f".formatted(filledPartitions(rate))),
                row("busy CPU cores", rate -> "%,.2f".formatted(rate * cpu)),
                row("pods of one core, half of it busy; at least two", rate -> "" + pods(rate)),
                row(
                        "partitions of the topic, two for each pod; at least six",
                        rate -> "" + topicPartitions(rate)),
                "");
    }

    private static String row(String what, DoubleFunction<String> cell) {
        return RATES.stream()
                .map(cell::apply)
                .collect(Collectors.joining(" | ", "| " + what + " | ", " |"));
    }

    private static String dollars(double amount) {
        return String.format(Locale.ROOT, amount < 10 ? "$%,.2f" : "$%,.0f", amount);
    }

    private double writePrice(double rate) {
        return rate * SECONDS_PER_MONTH * writeUnits * WRITE_UNIT_PRICE;
    }

    private double readPrice(double rate) {
        return rate * SECONDS_PER_MONTH * readUnits * READ_UNIT_PRICE;
    }

    private double storagePrice(double rate) {
        return rate * RETENTION.toSeconds() * bytes / 1e9 * GB_MONTH_PRICE;
    }

    private double filledPartitions(double rate) {
        return Math.ceil(rate * writeUnits / PARTITION_WRITE_UNITS);
    }

    private int pods(double rate) {
        return Math.max(MIN_PODS, (int) Math.ceil(rate * cpu / POD_UTILIZATION));
    }

    private int topicPartitions(double rate) {
        return Math.max(MIN_TOPIC_PARTITIONS, 2 * pods(rate));
    }

    private String explanation() {
        return """

        The table is calculated for sessions of %d ordinary turns with one turn a write: %.2f write units and
        %.0f B a turn, %.2f read units a read, and %.2f CPU seconds for 1,000 turns. Turns that arrive close
        together cost less of each. The write units include the entries of the indexes, but the bytes do
        not.

        The limits are reached in this order:

        - **The pods.** If the backlog grows, add pods, up to the number of partitions of the topic. That
          number cannot be reduced later. Raising it moves sessions to other pods, which costs a read for
          each session. So create the topic with enough partitions.
        - **The table.** A new table takes 4,000 write units a second, which are %,.0f turns. The quota of
          an account for a table is 40,000 write units, which are %,.0f turns. Warm the table up
          (`WarmThroughput`) before a launch, and request a higher quota if you need more.
        - **One session.** A partition takes %,.0f write units a second. So one session takes %,.0f turns a
          second if each turn is a write. Turns that arrive faster are in the same batch and become one
          write. A bot that talks to itself then delays its instance: begin a new session for it every
          hour.
        - **The index by day.** Each session is written to it once, and all sessions of a day to %d
          partitions: %,.0f new sessions a second, which are %,.0f turns. For more, raise
          `parley.table.day-shards`. A list of a day then reads that many more partitions.
        - **The index by user.** Its limit is reached if one `userId` starts %,.0f sessions a second. Leave
          the `userId` out for bots.
        """
                .formatted(
                        TURNS_PER_SESSION,
                        writeUnits,
                        bytes,
                        readUnits,
                        cpu * 1_000,
                        4 * PARTITION_WRITE_UNITS / writeUnits,
                        40 * PARTITION_WRITE_UNITS / writeUnits,
                        PARTITION_WRITE_UNITS,
                        PARTITION_WRITE_UNITS / writeUnits,
                        DAY_SHARDS,
                        DAY_SHARDS * PARTITION_WRITE_UNITS,
                        DAY_SHARDS * PARTITION_WRITE_UNITS * TURNS_PER_SESSION,
                        PARTITION_WRITE_UNITS);
    }
}
