package dev.parley.bench;

import dev.parley.dynamodb.TurnRequests;
import dev.parley.session.Prose;
import java.util.List;
import java.util.stream.IntStream;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;

/**
 * A process in which the bare client sends the requests that the service sends for the first turn
 * of a session: one read, then one write. The requests are built before the measurement starts. A
 * given number of sessions are written at a time.
 */
final class BareClientTurns {

    /** Requests for each session. */
    static final int REQUESTS = 2;

    private BareClientTurns() {}

    /**
     * The arguments are the endpoint, the table and the number of sessions at a time. A load is a
     * prefix of session ids and a number of sessions.
     */
    public static void main(String[] arguments) {
        LoadProcess.run(
                () -> {
                    DynamoDbAsyncClient client = BareClient.create(arguments[0]);
                    int inFlight = Integer.parseInt(arguments[2]);
                    return load -> {
                        List<TurnRequests> sessions = newSessions(arguments[1], load);
                        return Load.send(
                                number -> sessions.get(number).sendTo(client),
                                Pace.of(sessions.size()),
                                inFlight);
                    };
                });
    }

    private static List<TurnRequests> newSessions(String table, String load) {
        int space = load.indexOf(' ');
        int sessions = Integer.parseInt(load.substring(space + 1));
        Prose prose = new Prose(7);
        return TurnRequests.record(
                table,
                IntStream.range(0, sessions)
                        .mapToObj(i -> prose.turn(load.substring(0, space) + i, 0))
                        .toList());
    }
}
