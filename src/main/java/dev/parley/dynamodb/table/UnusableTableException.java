package dev.parley.dynamodb.table;

import java.util.List;

/** The table is not one that sessions can be kept in; the message tells an operator why. */
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
