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
                "Table %s can't hold sessions: %s. Change the table, or point parley.table.name at another."
                        .formatted(table, String.join("; ", differences)));
    }
}
