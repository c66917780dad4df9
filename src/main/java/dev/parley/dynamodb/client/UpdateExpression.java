package dev.parley.dynamodb.client;

import dev.parley.dynamodb.client.ItemUpdate.Test;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * The expressions with which UpdateItem and a transaction make an {@link ItemUpdate}. Every
 * attribute name has an alias, because many common words are reserved in expressions.
 *
 * @param update the update expression
 * @param condition the condition expression; null for none
 * @param names names of attributes, by alias
 * @param values values of attributes, by alias
 */
record UpdateExpression(
        String update,
        @Nullable String condition,
        Map<String, String> names,
        Map<String, AttributeValue> values) {

    static UpdateExpression of(ItemUpdate update) {
        Aliases aliases = new Aliases();
        return new UpdateExpression(
                aliases.update(update),
                update.anyOf().isEmpty()
                        ? null
                        : update.anyOf().stream()
                                .map(aliases::test)
                                .collect(Collectors.joining(" OR ")),
                aliases.names,
                aliases.values);
    }

    private static final class Aliases {
        private final Map<String, String> names = new HashMap<>();
        private final Map<String, AttributeValue> values = new HashMap<>();

        String update(ItemUpdate update) {
            List<String> sets = new ArrayList<>();
            update.set().forEach((name, value) -> sets.add(of(name) + " = " + of(value)));
            String set = "SET " + String.join(", ", sets);
            return update.remove().isEmpty()
                    ? set
                    : set
                            + " REMOVE "
                            + update.remove().stream()
                                    .map(this::of)
                                    .collect(Collectors.joining(", "));
        }

        String test(Test test) {
            String name = of(test.attribute());
            return switch (test) {
                case Test.Absent absent -> "attribute_not_exists(" + name + ")";
                case Test.Equal equal -> name + " = " + of(equal.value());
                case Test.AtMost most -> name + " <= " + of(most.value());
            };
        }

        String of(String name) {
            String alias = "#" + name;
            names.put(alias, name);
            return alias;
        }

        String of(AttributeValue value) {
            String alias = ":" + values.size();
            values.put(alias, value);
            return alias;
        }
    }
}
