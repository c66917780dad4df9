package dev.parley.dynamodb.client;

/** The DynamoDB operations that sessions need. */
enum Operation {
    GET_ITEM("GetItem", "read"),
    BATCH_GET_ITEM("BatchGetItem", "read"),
    QUERY("Query", "read"),
    UPDATE_ITEM("UpdateItem", "write"),
    BATCH_EXECUTE_STATEMENT("BatchExecuteStatement", "write"),
    TRANSACT_WRITE_ITEMS("TransactWriteItems", "write");

    private final String label;
    private final String kind;

    Operation(String label, String kind) {
        this.label = label;
        this.kind = kind;
    }

    /** Returns the name of the operation in the API of DynamoDB. */
    String label() {
        return label;
    }

    /**
     * Returns which kind of capacity units the operation consumes: {@code read} or {@code write}.
     */
    String kind() {
        return kind;
    }
}
