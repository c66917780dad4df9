package dev.parley.dynamodb;

import static dev.parley.dynamodb.Attributes.map;
import static dev.parley.dynamodb.Attributes.number;

import dev.parley.session.Counters;
import dev.parley.session.Counters.Latency;
import dev.parley.session.Role;
import dev.parley.session.Usage;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** {@link Counters} ⇄ the attributes of a head. What is zero is left out. */
final class CounterAttributes {

    private CounterAttributes() {}

    static void put(Map<String, AttributeValue> item, Counters counters) {
        if (counters.turns() == 0) {
            return;
        }
        Map<String, AttributeValue> byRole = new HashMap<>();
        counters.turnsByRole().forEach((role, turns) -> byRole.put(role.wireName(), number(turns)));
        item.put(SessionTable.TURNS_BY_ROLE, AttributeValue.fromM(byRole));
        if (!counters.usage().equals(Usage.NONE)) {
            item.put(
                    SessionTable.USAGE,
                    AttributeValue.fromM(
                            Map.of(
                                    "inputTokens", number(counters.usage().inputTokens()),
                                    "outputTokens", number(counters.usage().outputTokens()))));
        }
        Latency latency = counters.latency();
        if (latency.count() > 0) {
            item.put(
                    SessionTable.LATENCY,
                    AttributeValue.fromM(
                            Map.of(
                                    "count", number(latency.count()),
                                    "sumMs", number(latency.sumMs()),
                                    "maxMs", number(latency.maxMs()))));
        }
        if (counters.errors() > 0) {
            item.put(SessionTable.ERROR_COUNT, number(counters.errors()));
        }
    }

    static Counters of(Map<String, AttributeValue> item) {
        Map<Role, Long> byRole = new EnumMap<>(Role.class);
        Map<String, AttributeValue> stored = map(item, SessionTable.TURNS_BY_ROLE);
        for (Role role : Role.values()) {
            if (stored.containsKey(role.wireName())) {
                byRole.put(role, number(stored, role.wireName()));
            }
        }
        Map<String, AttributeValue> usage = map(item, SessionTable.USAGE);
        Map<String, AttributeValue> latency = map(item, SessionTable.LATENCY);
        return new Counters(
                byRole,
                new Usage(number(usage, "inputTokens"), number(usage, "outputTokens")),
                new Latency(
                        number(latency, "count"),
                        number(latency, "sumMs"),
                        number(latency, "maxMs")),
                number(item, SessionTable.ERROR_COUNT));
    }
}
