package dev.parley.bench;

import dev.parley.dynamodb.ReadOfASession;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** {@link BareClient} sends what the service sends to read a session, and does no more with it. */
final class BareReads implements RepeatedReads.Reader<Map<String, AttributeValue>> {

    private final DynamoDbAsyncClient client;
    private final List<ReadOfASession> reads;

    private BareReads(String endpoint, String table) {
        client = BareClient.of(endpoint);
        reads = ReadOfASession.of(table, SessionsToRead.ids());
    }

    /** Arguments: endpoint, table, reads at a time. */
    public static void main(String[] arguments) {
        LoadProcess.run(
                () -> {
                    BareReads bare = new BareReads(arguments[0], arguments[1]);
                    return new RepeatedReads<>(
                            bare, Integer.parseInt(arguments[2]), bare.reads.size());
                });
    }

    @Override
    public CompletionStage<Map<String, AttributeValue>> read(int session) {
        return reads.get(session).sendTo(client);
    }

    @Override
    public int bytes(Map<String, AttributeValue> item) {
        return ReadOfASession.bytes(item);
    }

    @Override
    public int turns(Map<String, AttributeValue> item) {
        return ReadOfASession.turns(item);
    }
}
