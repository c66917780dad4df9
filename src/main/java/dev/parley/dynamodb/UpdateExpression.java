package dev.parley.dynamodb;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;

/**
 * The difference of two items as an update, on the condition that the stored item still is the
 * first: attributes of others in the same item stay as they are. Every name goes by an alias, since
 * many plain words are reserved in expressions.
 */
final class UpdateExpression {

    private final Map<String, String> names = new HashMap<>();
    private final Map<String, AttributeValue> values = new HashMap<>();
    private final List<String> set = new ArrayList<>();
    private final List<String> remove = new ArrayList<>();

    private UpdateExpression() {}

    /**
     * @param before empty when there must be no item yet
     * @param after with {@link SessionTable#SESSION_ID} and {@link SessionTable#VERSION}
     */
    static UpdateItemRequest.Builder between(
            Map<String, AttributeValue> before, Map<String, AttributeValue> after) {
        UpdateExpression update = new UpdateExpression();
        after.forEach(
                (name, value) -> {
                    if (!name.equals(SessionTable.SESSION_ID) && !value.equals(before.get(name))) {
                        update.set.add(update.alias(name) + " = " + update.alias(value));
                    }
                });
        before.keySet().stream()
                .filter(name -> !after.containsKey(name))
                .forEach(name -> update.remove.add(update.alias(name)));
        String condition = update.condition(before.get(SessionTable.VERSION));
        return UpdateItemRequest.builder()
                .key(Map.of(SessionTable.SESSION_ID, after.get(SessionTable.SESSION_ID)))
                .updateExpression(update.text())
                .conditionExpression(condition)
                .expressionAttributeNames(update.names)
                .expressionAttributeValues(update.values)
                .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD);
    }

    private String condition(@Nullable AttributeValue version) {
        return version == null
                ? "attribute_not_exists(" + alias(SessionTable.VERSION) + ")"
                : alias(SessionTable.VERSION) + " = " + alias(version);
    }

    private String text() {
        String sets = "SET " + String.join(", ", set);
        return remove.isEmpty() ? sets : sets + " REMOVE " + String.join(", ", remove);
    }

    private String alias(String name) {
        String alias = "#" + name;
        names.put(alias, name);
        return alias;
    }

    private String alias(AttributeValue value) {
        String alias = ":" + values.size();
        values.put(alias, value);
        return alias;
    }
}
