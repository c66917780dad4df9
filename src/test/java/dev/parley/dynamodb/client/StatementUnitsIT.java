package dev.parley.dynamodb.client;

import static dev.parley.support.Timeouts.TIMEOUT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.dynamodb.LocalTable;
import dev.parley.dynamodb.layout.Attributes;
import dev.parley.dynamodb.layout.ItemChange;
import dev.parley.dynamodb.layout.SessionTable;
import dev.parley.local.LocalDynamoDb;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.opentelemetry.api.OpenTelemetry;
import io.smallrye.mutiny.Uni;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Tests that the capacity units of batches, for which DynamoDB Local reports none, are those that
 * it reports for the same writes one by one.
 */
@Tag("store")
class StatementUnitsIT {

    @RegisterExtension static final LocalTable TABLE = LocalTable.create();

    private static final int ITEMS = 60;
    private static final int VERSIONS = 4;
    private static final int MAX_TURNS_BYTES = 3_000;

    private final DynamoDbAsyncClient client = LocalDynamoDb.client();
    private final Writes single = new Writes("a", TABLE.config().withoutBatches());
    private final Writes batches = new Writes("b", TABLE.config().withRequestsInFlight(1));

    @BeforeAll
    static void createTable() {
        TABLE.createTable();
    }

    @AfterEach
    void close() {
        client.close();
    }

    @RepeatedTest(3)
    void heads_consumeTheSameUnits(RepetitionInfo info) {
        Random random = new Random(info.getCurrentRepetition());
        List<Map<String, AttributeValue>> stored =
                new ArrayList<>(IntStream.range(0, ITEMS).mapToObj(i -> none()).toList());

        for (int version = 1; version <= VERSIONS; version++) {
            List<Function<String, ItemUpdate>> updates = new ArrayList<>();
            for (int i = 0; i < ITEMS; i++) {
                String name = "head-%d-%d".formatted(info.getCurrentRepetition(), i);
                Map<String, AttributeValue> before = stored.get(i);
                Map<String, AttributeValue> after = randomHead(version, random);
                updates.add(
                        prefix ->
                                ItemUpdate.between(
                                        before.isEmpty() ? before : keyed(prefix + name, before),
                                        keyed(prefix + name, after)));
                stored.set(i, after);
            }
            assertSameUnits(updates);
        }
    }

    @RepeatedTest(3)
    void headsOfWhichSomeHaveChanged_consumeTheSameUnits(RepetitionInfo info) {
        Random random = new Random(info.getCurrentRepetition());
        List<Function<String, ItemUpdate>> creating = new ArrayList<>();
        List<Function<String, ItemUpdate>> late = new ArrayList<>();
        for (int i = 0; i < ITEMS; i++) {
            String name = "changed-%d-%d".formatted(info.getCurrentRepetition(), i);
            Map<String, AttributeValue> head = randomHead(5, random);
            Map<String, AttributeValue> known = i % 2 == 0 ? head : randomHead(2, random);
            Map<String, AttributeValue> next = randomHead(6, random);
            creating.add(prefix -> ItemUpdate.between(none(), keyed(prefix + name, head)));
            late.add(
                    prefix ->
                            ItemUpdate.between(
                                    keyed(prefix + name, known), keyed(prefix + name, next)));
        }

        assertSameUnits(creating);
        assertSameUnits(late);
    }

    @RepeatedTest(3)
    void pages_consumeTheSameUnits(RepetitionInfo info) {
        Random random = new Random(info.getCurrentRepetition());
        List<Function<String, ItemUpdate>> begun = new ArrayList<>();
        List<Function<String, ItemUpdate>> grown = new ArrayList<>();
        List<Function<String, ItemUpdate>> moved = new ArrayList<>();
        for (int i = 0; i < ITEMS; i++) {
            String name = "page-%d-%d".formatted(info.getCurrentRepetition(), i);
            begun.add(sealing(name, true, 1, random));
            grown.add(sealing(name, false, 2, random));
            Map<String, AttributeValue> page = page(3, random);
            moved.add(prefix -> ItemUpdate.changing(change(prefix + name, page, false), 3));
        }

        assertSameUnits(begun);
        assertSameUnits(grown);
        assertSameUnits(moved);
    }

    private void assertSameUnits(List<Function<String, ItemUpdate>> updates) {
        double expected = single.units(updates);

        assertThat(batches.units(updates)).isEqualTo(expected).isGreaterThan(ITEMS / 2.0);
    }

    private static Function<String, ItemUpdate> sealing(
            String name, boolean isNew, long version, Random random) {
        Map<String, AttributeValue> page = page(version, random);
        return prefix ->
                ItemUpdate.sealing(change(prefix + name, page, isNew), version, LocalTable.NOW);
    }

    private static ItemChange change(String key, Map<String, AttributeValue> page, boolean isNew) {
        return new ItemChange(keyed(key, page), Set.of(), isNew);
    }

    private static Map<String, AttributeValue> page(long version, Random random) {
        return Map.of(
                SessionTable.TURNS,
                bytes(random.nextInt(1, MAX_TURNS_BYTES)),
                SessionTable.SEALED_AT_VERSION,
                Attributes.number(version),
                SessionTable.EXPIRES_AT,
                Attributes.time(LocalTable.NOW.plusSeconds(100)));
    }

    /** Returns a head with some of the attributes of the indexes, or with none of them. */
    private static Map<String, AttributeValue> randomHead(long version, Random random) {
        Map<String, AttributeValue> head = none();
        head.put(SessionTable.VERSION, Attributes.number(version));
        head.put(SessionTable.TURNS, bytes(random.nextInt(1, MAX_TURNS_BYTES)));
        // DynamoDB Local, unlike the rules, charges an index for an item that had only one of its
        // keys
        // and then has only the other one. No session does.
        if (random.nextInt(4) > 0) {
            head.put(
                    SessionTable.STARTED_AT,
                    Attributes.time(LocalTable.NOW.plusMillis(random.nextInt(2))));
            head.put(SessionTable.DAY_SHARD, Attributes.text("2026-11-23#" + random.nextInt(2)));
            if (random.nextBoolean()) {
                head.put(SessionTable.USER_ID, Attributes.text("u-" + random.nextInt(2)));
            }
        }
        if (random.nextInt(4) == 0) {
            head.put(SessionTable.CHANNEL, Attributes.text("x".repeat(random.nextInt(1, 1_500))));
        }
        return head;
    }

    private static AttributeValue bytes(int number) {
        return AttributeValue.fromB(SdkBytes.fromByteArray(new byte[number]));
    }

    private static Map<String, AttributeValue> none() {
        return new HashMap<>();
    }

    private static Map<String, AttributeValue> keyed(
            String key, Map<String, AttributeValue> attributes) {
        Map<String, AttributeValue> item = new HashMap<>(attributes);
        item.put(SessionTable.SESSION_ID, Attributes.text(key));
        return item;
    }

    /** Writes items whose keys begin with a prefix, all prefixes being of the same length. */
    private final class Writes {

        private final String prefix;
        private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
        private final DynamoDb dynamoDb;

        Writes(String prefix, LocalTable.Config config) {
            this.prefix = prefix;
            this.dynamoDb = new DynamoDb(client, config, metrics, OpenTelemetry.noop());
        }

        /** Makes the updates at the same time, and returns the units that they have consumed. */
        double units(List<Function<String, ItemUpdate>> updates) {
            double before = total();
            Uni.join()
                    .all(updates.stream().map(each -> dynamoDb.update(each.apply(prefix))).toList())
                    .andFailFast()
                    .await()
                    .atMost(TIMEOUT);
            return total() - before;
        }

        private double total() {
            return metrics.find("parley.dynamodb.capacity.units").counters().stream()
                    .mapToDouble(Counter::count)
                    .sum();
        }
    }
}
