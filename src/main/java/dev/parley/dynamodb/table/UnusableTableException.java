package dev.parley.dynamodb.table;

import java.util.List;

/** Reports that the table can't store sessions; the message states the reason for an operator. */
final class UnusableTableException extends RuntimeException {

    private static final long serialVersionUID = 1;

    UnusableTableException(String message) {
        super(message);
    }

    static UnusableTableException differing(String table, List<String> differences) {
        return new UnusableTableException(
                "Table %s can't store sessions: %s. Change the table, or set parley.table.name to another table."
                        .formatted(table, String.join("; ", differences)));
    }
}
