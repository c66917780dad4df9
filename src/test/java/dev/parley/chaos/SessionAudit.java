package dev.parley.chaos;

import dev.parley.dynamodb.StoredSessions;
import dev.parley.json.Turns;
import dev.parley.session.Session;
import dev.parley.session.SessionEvent;
import dev.parley.session.SessionModel;
import dev.parley.session.Turn;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Compares the stored sessions with the model. */
final class SessionAudit {

    private static final int THREADS = 16;

    private final StoredSessions stored;

    SessionAudit(StoredSessions stored) {
        this.stored = stored;
    }

    /** Returns a line for each session that differs from the model. */
    List<String> differences(Map<String, List<SessionEvent>> eventsBySession) throws Exception {
        List<Callable<Optional<String>>> comparisons = new ArrayList<>();
        eventsBySession.forEach((id, events) -> comparisons.add(() -> difference(id, events)));
        List<String> differences = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
            for (Future<Optional<String>> compared : threads.invokeAll(comparisons)) {
                compared.get().ifPresent(differences::add);
            }
        }
        return differences;
    }

    private Optional<String> difference(String id, List<SessionEvent> events) {
        Optional<Session> expected = SessionModel.of(id, events);
        Optional<Session> found = stored.find(id);
        List<Turn> expectedTurns =
                expected.map(Session::recentTurns).map(Turns::read).orElse(List.of());
        List<Turn> turns = stored.turns(id);
        boolean same =
                turns.equals(expectedTurns)
                        && found.map(SessionModel::apartFromLayout)
                                .equals(expected.map(SessionModel::apartFromLayout));
        return same
                ? Optional.empty()
                : Optional.of(
                        "%s: stored %s with %s, expected %s with %s; missing turns: %s, unexpected turns: %s"
                                .formatted(
                                        id,
                                        found,
                                        found.map(Session::counters),
                                        expected,
                                        expected.map(Session::counters),
                                        without(expectedTurns, turns),
                                        without(turns, expectedTurns)));
    }

    private static List<Turn> without(List<Turn> turns, List<Turn> others) {
        List<Turn> difference = new ArrayList<>(turns);
        difference.removeAll(others);
        return difference;
    }
}
