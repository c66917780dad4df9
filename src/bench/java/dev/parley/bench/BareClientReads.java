package dev.parley.bench;

import dev.parley.dynamodb.ReadRequests;
import dev.parley.dynamodb.RecordedReads;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;

/**
 * A process in which the bare client sends the requests that the service sends for {@link
 * ReadKind}. It does nothing else with the responses, but verifies, as {@link RestAnswers} does,
 * that each is complete and always has the same size.
 */
final class BareClientReads {

    private final DynamoDbAsyncClient client;
    private final RecordedReads recorder;
    private final Map<ReadKind, List<SizedRead>> reads = new EnumMap<>(ReadKind.class);

    private BareClientReads(String endpoint, String table) {
        client = BareClient.create(endpoint);
        recorder = new RecordedReads(client, table);
    }

    /** The requests of one read, and the size of their first responses. */
    private record SizedRead(ReadRequests requests, int bytes) {}

    /** The arguments are the endpoint and the table. */
    public static void main(String[] arguments) {
        LoadProcess.run(
                () -> {
                    BareClientReads bare = new BareClientReads(arguments[0], arguments[1]);
                    return load -> bare.send(ReadLoad.of(load));
                });
    }

    private Timing send(ReadLoad load) {
        List<SizedRead> all = reads.computeIfAbsent(load.reads(), this::readFirst);
        return Load.send(
                number -> readAgain(all.get(number % all.size())),
                Pace.of(load.time(), load.perSecond()),
                load.reads().inFlight());
    }

    private List<SizedRead> readFirst(ReadKind kind) {
        List<SizedRead> all =
                kind.requests(recorder).stream().map(each -> readFirst(kind, each)).toList();
        Progress.print(
                "%s: %d requests, %,.0f stored bytes",
                kind,
                all.getFirst().requests().requests().size(),
                all.stream().mapToInt(SizedRead::bytes).average().orElseThrow());
        return all;
    }

    private SizedRead readFirst(ReadKind kind, ReadRequests requests) {
        if (requests.found() != kind.parts()) {
            throw new IllegalStateException(
                    "%s returned %d turns or sessions instead of %d"
                            .formatted(kind, requests.found(), kind.parts()));
        }
        return new SizedRead(requests, requests.sendTo(client).join());
    }

    private CompletionStage<?> readAgain(SizedRead read) {
        return read.requests().sendTo(client).thenAccept(bytes -> requireSame(read, bytes));
    }

    private static void requireSame(SizedRead read, int bytes) {
        if (bytes != read.bytes()) {
            throw new IllegalStateException(
                    "a read returned %d bytes instead of %d".formatted(bytes, read.bytes()));
        }
    }
}
