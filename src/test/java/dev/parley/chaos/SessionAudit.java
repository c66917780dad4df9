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

/** Holds what is stored against the model. */
final class SessionAudit {

    private static final int AT_ONCE = 16;

    private final StoredSessions stored;

    SessionAudit(StoredSessions stored) {
        this.stored = stored;
    }

    /** What differs, a line for each session that is not what it should be. */
    List<String> differences(Map<String, List<SessionEvent>> eventsBySession) throws Exception {
        List<Callable<Optional<String>>> comparisons = new ArrayList<>();
        eventsBySession.forEach((id, events) -> comparisons.add(() -> difference(id, events)));
        List<String> differences = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE)) {
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
                        "%s: %s with %s instead of %s with %s; turns left out: %s, too many: %s"
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
        List<Turn> left = new ArrayList<>(turns);
        left.removeAll(others);
        return left;
    }
}
