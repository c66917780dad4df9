package dev.parley.bench;

import dev.parley.dynamodb.TurnRequests;
import dev.parley.session.Prose;
import dev.parley.session.SessionEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;

/**
 * A process in which the bare client sends a request for each item: for the first turn of a session
 * one read, then one write, and for its second turn one write. The requests are built before the
 * measurement starts. A given number of sessions are written at a time.
 */
final class BareClientTurns {

    /** Requests for the first turn of a session. */
    static final int REQUESTS = 2;

    /** The load that writes the second turns of the sessions of the load before. */
    static final String SECOND = "second";

    private BareClientTurns() {}

    /**
     * The arguments are the endpoint, the table and the number of sessions at a time. A load is a
     * prefix of session ids and a number of sessions, whose first turns are written, or {@value
     * #SECOND}.
     */
    public static void main(String[] arguments) {
        LoadProcess.run(
                () -> {
                    DynamoDbAsyncClient client = BareClient.create(arguments[0]);
                    int inFlight = Integer.parseInt(arguments[2]);
                    List<TurnRequests> sessions = new ArrayList<>();
                    return load -> {
                        boolean second = load.equals(SECOND);
                        if (!second) {
                            sessions.clear();
                            sessions.addAll(newSessions(arguments[1], load));
                        }
                        return Load.send(
                                number ->
                                        second
                                                ? sessions.get(number).sendSecond(client)
                                                : sessions.get(number).sendFirst(client),
                                Pace.of(sessions.size()),
                                inFlight);
                    };
                });
    }

    private static List<TurnRequests> newSessions(String table, String load) {
        int space = load.indexOf(' ');
        int sessions = Integer.parseInt(load.substring(space + 1));
        Prose prose = new Prose(7);
        String prefix = load.substring(0, space);
        return TurnRequests.record(
                table, turns(prefix, sessions, 0, prose), turns(prefix, sessions, 1, prose));
    }

    private static List<SessionEvent> turns(String prefix, int sessions, int number, Prose prose) {
        return IntStream.range(0, sessions).mapToObj(i -> prose.turn(prefix + i, number)).toList();
    }
}
