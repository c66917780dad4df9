package dev.parley.dynamodb.client;

import dev.parley.dynamodb.client.ItemUpdate.Test;
import dev.parley.dynamodb.layout.Attributes;
import dev.parley.dynamodb.layout.SessionTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BatchStatementRequest;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;

/**
 * Translates an {@link ItemUpdate} to a statement in <a
 * href="https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ql-reference.html">PartiQL
 * for DynamoDB</a>: an {@code INSERT} if there is usually no item yet, otherwise an {@code UPDATE}.
 * The names of attributes are quoted, because many common words are reserved. They are all names of
 * {@link SessionTable}, so that none contains a quote.
 */
final class Statement {

    private final StringBuilder text = new StringBuilder();
    private final List<AttributeValue> parameters = new ArrayList<>();

    private Statement() {}

    /**
     * @param oldItem whether the response to an {@code UPDATE} has the item before the update
     */
    static BatchStatementRequest of(String table, ItemUpdate update, boolean oldItem) {
        Statement statement = new Statement();
        if (update.usuallyCreates()) {
            statement.insert(table, update);
        } else {
            statement.update(table, update);
            statement.text.append(oldItem ? " RETURNING ALL OLD *" : "");
        }
        return BatchStatementRequest.builder()
                .statement(statement.text.toString())
                .parameters(statement.parameters)
                .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD)
                .build();
    }

    private void insert(String table, ItemUpdate update) {
        text.append("INSERT INTO \"").append(table).append("\" VALUE {'");
        text.append(SessionTable.SESSION_ID).append("': ?");
        parameters.add(Attributes.text(update.key()));
        for (Map.Entry<String, AttributeValue> each : update.set().entrySet()) {
            text.append(", '").append(each.getKey()).append("': ?");
            parameters.add(each.getValue());
        }
        text.append('}');
    }

    private void update(String table, ItemUpdate update) {
        text.append("UPDATE \"").append(table).append('"');
        for (Map.Entry<String, AttributeValue> each : update.set().entrySet()) {
            text.append(" SET ");
            quoted(each.getKey());
            text.append(" = ?");
            parameters.add(each.getValue());
        }
        for (String name : update.remove()) {
            text.append(" REMOVE ");
            quoted(name);
        }
        text.append(" WHERE ");
        quoted(SessionTable.SESSION_ID);
        text.append(" = ?");
        parameters.add(Attributes.text(update.key()));
        for (Test test : update.usual()) {
            text.append(" AND ");
            quoted(test.attribute());
            switch (test) {
                case Test.Absent absent -> text.append(" IS MISSING");
                case Test.Equal equal -> compared(" = ?", equal.value());
                case Test.AtMost most -> compared(" <= ?", most.value());
            }
        }
    }

    private void compared(String comparison, AttributeValue value) {
        text.append(comparison);
        parameters.add(value);
    }

    private void quoted(String name) {
        text.append('"').append(name).append('"');
    }
}
