package dev.parley.bench;

import dev.parley.dynamodb.table.TableDefaults;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleFunction;
import java.util.stream.Collectors;

/**
 * What a steady rate of turns costs a month and needs, by the measured units: the document's part
 * of that name.
 *
 * @param writeUnits of a turn
 * @param readUnits of a session with its recent turns
 * @param bytes stored for a turn
 * @param cpu seconds of the service's for a turn
 */
record AtScale(double writeUnits, double readUnits, double bytes, double cpu) {

    /**
     * Dollars for a unit or a GB and month, on demand in us-east-1 since November 2024: <a
     * href="https://aws.amazon.com/dynamodb/pricing/on-demand/">DynamoDB's prices</a>.
     */
    private static final double WRITE_UNIT = 0.625 / 1e6;

    private static final double READ_UNIT = 0.125 / 1e6;
    private static final double GB_MONTH = 0.25;

    private static final double DAY = 86_400;
    private static final double MONTH = 365 * DAY / 12;

    private static final Duration RETENTION = TableDefaults.retention();
    private static final int DAY_SHARDS = TableDefaults.dayShards();

    /**
     * Write units a second of a partition: <a
     * href="https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/bp-partition-key-design.html">partition
     * keys</a>.
     */
    private static final double PARTITION = 1_000;

    /** Turns of a session, as in the figures that this is made from. */
    private static final int SESSION = 20;

    /** Of a core that a pod has, so that it can catch up at twice the rate. */
    private static final double BUSY = 0.5;

    /** One may go. */
    private static final int FEWEST_PODS = 2;

    /** As the alerts and the overlays assume. */
    private static final int FEWEST_PARTITIONS = 6;

    private static final List<Double> RATES = List.of(1.0, 100.0, 10_000.0);

    /** Whether the report has what this is made from. */
    static boolean isIn(Report report) {
        return List.of("cost.write.20", "cost.recent", "cost.bytes", "catchup.cpu").stream()
                .allMatch(key -> report.row(key).isPresent());
    }

    static AtScale of(Report report) {
        return new AtScale(
                figure(report, "cost.write.20"),
                figure(report, "cost.recent"),
                figure(report, "cost.bytes"),
                figure(report, "catchup.cpu") / 1_000);
    }

    private static double figure(Report report, String key) {
        return report.row(key).orElseThrow().figures().getFirst().median();
    }

    String markdown() {
        return table() + told();
    }

    private String table() {
        return String.join(
                "\n",
                row("turns a second", rate -> "%,.0f".formatted(rate)),
                "|---|---|---|---|",
                row("writes, a month", rate -> dollars(writes(rate))),
                row("reads, one of the session for each turn", rate -> dollars(reads(rate))),
                row(
                        "storage, once %d days are full".formatted(RETENTION.toDays()),
                        rate -> dollars(storage(rate))),
                row("together", rate -> dollars(writes(rate) + reads(rate) + storage(rate))),
                row(
                        "write units a second",
                        rate -> "%,.0f".formatted(Math.ceil(rate * writeUnits))),
                row(
                        "partitions that these fill in DynamoDB",
                        rate -> "%,.0f".formatted(filled(rate))),
                row("cores that are busy", rate -> "%,.2f".formatted(rate * cpu)),
                row("pods of one core, half busy; at least two", rate -> "" + pods(rate)),
                row("partitions of the topic, two for a pod", rate -> "" + partitions(rate)),
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

    private double writes(double rate) {
        return rate * MONTH * writeUnits * WRITE_UNIT;
    }

    private double reads(double rate) {
        return rate * MONTH * readUnits * READ_UNIT;
    }

    private double storage(double rate) {
        return rate * RETENTION.toSeconds() * bytes / 1e9 * GB_MONTH;
    }

    private double filled(double rate) {
        return Math.ceil(rate * writeUnits / PARTITION);
    }

    private int pods(double rate) {
        return Math.max(FEWEST_PODS, (int) Math.ceil(rate * cpu / BUSY));
    }

    private int partitions(double rate) {
        return Math.max(FEWEST_PARTITIONS, 2 * pods(rate));
    }

    private String told() {
        return """

            Made of sessions of %d ordinary turns, one turn a write: %.2f write units and %.0f B a turn, %.2f
            read units a read, %.2f CPU seconds for 1,000 turns. Turns that come close together cost less of
            each. The indexes' entries are in the units, but not in the bytes.

            What becomes hot, in this order:

            - **The pods.** A backlog that grows says so: add pods, up to the topic's partitions. Those can't
              be fewer later, and more of them move sessions to other pods, which costs a read for each
              session: begin with enough.
            - **The table.** A new one takes 4,000 write units a second, %,.0f turns, and an account's quota
              for a table is 40,000, %,.0f turns: warm it up (`WarmThroughput`) before a launch, and ask for
              more.
            - **One session.** A partition takes %,.0f write units a second, so that one session takes %,.0f
              turns, if each is a write; what comes faster meets in a batch and becomes one write. A bot
              that talks to itself holds up its instance then: give it sessions of an hour.
            - **The index by day.** Each session writes to it once, all sessions of a day to %d partitions of
              it: %,.0f new sessions a second, %,.0f turns. Raise `parley.table.day-shards`; a list of a day
              reads that many more partitions.
            - **The index by user**, where one `userId` starts %,.0f sessions a second: leave it out for bots.
            """
                .formatted(
                        SESSION,
                        writeUnits,
                        bytes,
                        readUnits,
                        cpu * 1_000,
                        4 * PARTITION / writeUnits,
                        40 * PARTITION / writeUnits,
                        PARTITION,
                        PARTITION / writeUnits,
                        DAY_SHARDS,
                        DAY_SHARDS * PARTITION,
                        DAY_SHARDS * PARTITION * SESSION,
                        PARTITION);
    }
}
