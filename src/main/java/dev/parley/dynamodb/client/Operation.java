package dev.parley.dynamodb.client;

/** The requests of DynamoDB's that sessions need. */
enum Operation {
    GET_ITEM("GetItem", "read"),
    BATCH_GET_ITEM("BatchGetItem", "read"),
    QUERY("Query", "read"),
    UPDATE_ITEM("UpdateItem", "write"),
    DELETE_ITEM("DeleteItem", "write"),
    TRANSACT_WRITE_ITEMS("TransactWriteItems", "write");

    private final String label;
    private final String kind;

    Operation(String label, String kind) {
        this.label = label;
        this.kind = kind;
    }

    /** Its name in DynamoDB's API. */
    String label() {
        return label;
    }

    /** Which of the two sorts of capacity units it consumes. */
    String kind() {
        return kind;
    }
}
