package dev.parley.bench;

import dev.parley.dynamodb.RequestsOfATurn;
import dev.parley.session.Prose;
import java.util.List;
import java.util.stream.IntStream;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;

/**
 * {@link BareClient} sends what the service sends for the first turn of a session, requests that
 * are made before the clock runs: one read, then one write, so many sessions at a time.
 */
final class BareTurns {

    /** For each session. */
    static final int REQUESTS = 2;

    private BareTurns() {}

    /**
     * Arguments: endpoint, table, sessions at a time. A load is a prefix of session ids and a
     * number of sessions.
     */
    public static void main(String[] arguments) {
        LoadProcess.run(
                () -> {
                    DynamoDbAsyncClient client = BareClient.of(arguments[0]);
                    int inFlight = Integer.parseInt(arguments[2]);
                    return load -> {
                        List<RequestsOfATurn> sessions = newSessions(arguments[1], load);
                        return Load.send(
                                number -> sessions.get(number).sendTo(client),
                                Pace.of(sessions.size()),
                                inFlight);
                    };
                });
    }

    private static List<RequestsOfATurn> newSessions(String table, String load) {
        int space = load.indexOf(' ');
        int sessions = Integer.parseInt(load.substring(space + 1));
        Prose prose = new Prose(7);
        return RequestsOfATurn.of(
                table,
                IntStream.range(0, sessions)
                        .mapToObj(i -> prose.turn(load.substring(0, space) + i, 0))
                        .toList());
    }
}
