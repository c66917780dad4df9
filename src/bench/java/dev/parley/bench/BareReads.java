package dev.parley.bench;

import dev.parley.dynamodb.RecordedReads;
import dev.parley.dynamodb.RequestsOfARead;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;

/**
 * {@link BareClient} sends what the service sends for {@link Reads}, and does no more with it. As
 * with {@link RestAnswers}, each answer must be whole, and as large every time.
 */
final class BareReads {

    private final DynamoDbAsyncClient client;
    private final RecordedReads service;
    private final Map<Reads, List<Sized>> reads = new EnumMap<>(Reads.class);

    private BareReads(String endpoint, String table) {
        client = BareClient.of(endpoint);
        service = new RecordedReads(client, table);
    }

    private record Sized(RequestsOfARead requests, int bytes) {}

    /** Arguments: endpoint, table. */
    public static void main(String[] arguments) {
        LoadProcess.run(
                () -> {
                    BareReads bare = new BareReads(arguments[0], arguments[1]);
                    return load -> bare.send(ReadLoad.of(load));
                });
    }

    private Timing send(ReadLoad load) {
        List<Sized> all = reads.computeIfAbsent(load.reads(), this::first);
        return Load.send(
                number -> readAgain(all.get(number % all.size())),
                Pace.of(load.time(), load.perSecond()),
                load.reads().inFlight());
    }

    private List<Sized> first(Reads kind) {
        List<Sized> all = kind.requests(service).stream().map(each -> first(kind, each)).toList();
        Progress.say(
                "%s: %d requests, %,.0f bytes stored",
                kind,
                all.getFirst().requests().requests().size(),
                all.stream().mapToInt(Sized::bytes).average().orElseThrow());
        return all;
    }

    private Sized first(Reads kind, RequestsOfARead requests) {
        if (requests.found() != kind.parts()) {
            throw new IllegalStateException(kind + " has come with " + requests.found());
        }
        return new Sized(requests, requests.sendTo(client).join());
    }

    private CompletionStage<?> readAgain(Sized read) {
        return read.requests().sendTo(client).thenAccept(bytes -> requireSame(read, bytes));
    }

    private static void requireSame(Sized read, int bytes) {
        if (bytes != read.bytes()) {
            throw new IllegalStateException(bytes + " bytes have come, not " + read.bytes());
        }
    }
}
