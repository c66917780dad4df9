package dev.parley.dynamodb.layout;

import static dev.parley.dynamodb.layout.Attributes.map;
import static dev.parley.dynamodb.layout.Attributes.number;

import dev.parley.session.Counters;
import dev.parley.session.Latency;
import dev.parley.session.LatencyBuckets;
import dev.parley.session.Role;
import dev.parley.session.Usage;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Converts {@link Counters} to the attributes of a head and back. Counters without a value are left
 * out. In the second format they are one attribute, see {@link PackedCounters}.
 */
final class CounterAttributes {

    private CounterAttributes() {}

    static void put(Map<String, AttributeValue> item, Counters counters, Format format) {
        if (counters.turns() == 0) {
            return;
        }
        if (format != Format.FIRST) {
            item.put(SessionTable.COUNTERS, PackedCounters.toAttribute(counters));
            return;
        }
        Map<String, AttributeValue> byRole = new HashMap<>();
        counters.turnsByRole().forEach((role, turns) -> byRole.put(role.wireName(), number(turns)));
        item.put(SessionTable.TURNS_BY_ROLE, AttributeValue.fromM(byRole));
        if (!counters.usage().equals(Usage.NONE)) {
            item.put(SessionTable.USAGE, usage(counters.usage()));
        }
        if (counters.latency().count() > 0) {
            item.put(SessionTable.LATENCY, latency(counters.latency()));
        }
        if (counters.errors() > 0) {
            item.put(SessionTable.ERROR_COUNT, number(counters.errors()));
        }
    }

    static Counters of(Map<String, AttributeValue> item) {
        AttributeValue packed = item.get(SessionTable.COUNTERS);
        if (packed != null) {
            return PackedCounters.of(packed);
        }
        Map<Role, Long> byRole = new EnumMap<>(Role.class);
        Map<String, AttributeValue> stored = map(item, SessionTable.TURNS_BY_ROLE);
        for (Role role : Role.values()) {
            if (stored.containsKey(role.wireName())) {
                byRole.put(role, number(stored, role.wireName()));
            }
        }
        Map<String, AttributeValue> usage = map(item, SessionTable.USAGE);
        return new Counters(
                byRole,
                new Usage(
                        number(usage, "inputTokens"),
                        number(usage, "outputTokens"),
                        number(usage, "cachedInputTokens"),
                        number(usage, "reasoningTokens")),
                latency(map(item, SessionTable.LATENCY)),
                number(item, SessionTable.ERROR_COUNT));
    }

    private static AttributeValue usage(Usage usage) {
        Map<String, AttributeValue> tokens = new HashMap<>();
        tokens.put("inputTokens", number(usage.inputTokens()));
        tokens.put("outputTokens", number(usage.outputTokens()));
        if (usage.cachedInputTokens() > 0) {
            tokens.put("cachedInputTokens", number(usage.cachedInputTokens()));
        }
        if (usage.reasoningTokens() > 0) {
            tokens.put("reasoningTokens", number(usage.reasoningTokens()));
        }
        return AttributeValue.fromM(tokens);
    }

    /** Converts the latency without its count, which is the sum of the bucket counts. */
    private static AttributeValue latency(Latency latency) {
        Map<String, AttributeValue> buckets = new HashMap<>();
        for (int bucket = 0; bucket < LatencyBuckets.SIZE; bucket++) {
            long count = latency.buckets().count(bucket);
            if (count > 0) {
                buckets.put(Integer.toString(bucket), number(count));
            }
        }
        return AttributeValue.fromM(
                Map.of(
                        "sumMs", number(latency.sumMs()),
                        "maxMs", number(latency.maxMs()),
                        "buckets", AttributeValue.fromM(buckets)));
    }

    private static Latency latency(Map<String, AttributeValue> stored) {
        if (stored.isEmpty()) {
            return Latency.NONE;
        }
        Map<String, AttributeValue> buckets = map(stored, "buckets");
        long[] counts = new long[LatencyBuckets.SIZE];
        for (int bucket = 0; bucket < counts.length; bucket++) {
            counts[bucket] = number(buckets, Integer.toString(bucket));
        }
        return new Latency(
                number(stored, "sumMs"), number(stored, "maxMs"), LatencyBuckets.of(counts));
    }
}
