package dev.parley.support;

import static dev.parley.support.Timeouts.TIMEOUT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.json.ExactJson;
import dev.parley.json.TurnJson;
import dev.parley.local.LocalTopics;
import dev.parley.session.Consistency;
import dev.parley.session.EventBuilder;
import dev.parley.session.Json;
import dev.parley.session.Prose;
import dev.parley.session.ResultPage;
import dev.parley.session.Role;
import dev.parley.session.Session;
import dev.parley.session.SessionEvent.TurnRecorded;
import dev.parley.session.SessionModel;
import dev.parley.session.SessionReader;
import dev.parley.session.TurnQuery;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Turns of several sessions that are published alternately. The sessions are long enough to have
 * pages. In the last session every other turn is published after later turns.
 */
public record InterleavedSessions(List<TurnRecorded> inOrderOfPublication) {

    private static final int SESSIONS = 8;
    private static final int TURNS = 14;
    private static final int LATE_SESSION_TURNS = 40;
    private static final int LATE_TURNS = LATE_SESSION_TURNS / 2;

    /** Creates the sessions; their ids contain the name. */
    public static InterleavedSessions of(String name) {
        Prose prose = new Prose(name.hashCode());
        List<TurnRecorded> turns = new ArrayList<>();
        for (int number = 0; number < TURNS; number++) {
            for (int session = 0; session < SESSIONS; session++) {
                turns.add(turn("s-%s-%d".formatted(name, session), number, prose));
            }
        }
        for (int first : List.of(0, 1)) {
            for (int number = first; number < LATE_SESSION_TURNS; number += 2) {
                turns.add(turn("s-%s-late".formatted(name), number, prose));
            }
        }
        return new InterleavedSessions(turns);
    }

    private static TurnRecorded turn(String sessionId, int number, Prose prose) {
        boolean user = number % 2 == 0;
        EventBuilder event =
                EventBuilder.event(sessionId)
                        .at(number)
                        .userId("u-1")
                        .channel("web")
                        .role(user ? Role.USER : Role.ASSISTANT);
        if (!user) {
            event.usage(800 + number, 40).latencyMs(300 + number);
        }
        return event.turn("t-" + number, prose.text(Prose.MEAN_LENGTH));
    }

    public int turns() {
        return inOrderOfPublication.size();
    }

    /** Returns the id of the session whose turns are published last. */
    public String lastSessionId() {
        return inOrderOfPublication.getLast().sessionId();
    }

    /**
     * Returns how many turns are published before those of the given session, counting only
     * sessions whose id matches.
     */
    public long countBefore(String sessionId, Predicate<String> matches) {
        return inOrderOfPublication.stream()
                .map(TurnRecorded::sessionId)
                .takeWhile(id -> !id.equals(sessionId))
                .filter(matches)
                .count();
    }

    public void publish(LocalTopics topics) {
        publish(inOrderOfPublication, topics);
    }

    /** Publishes all turns but those that {@link #publishLateTurns} publishes. */
    public void publishInTime(LocalTopics topics) {
        publish(inOrderOfPublication.subList(0, turns() - LATE_TURNS), topics);
    }

    /**
     * Publishes the turns that are earlier than turns of their session that {@link #publishInTime}
     * has published. They change sealed pages if the others are stored.
     */
    public void publishLateTurns(LocalTopics topics) {
        publish(inOrderOfPublication.subList(turns() - LATE_TURNS, turns()), topics);
    }

    private static void publish(List<TurnRecorded> events, LocalTopics topics) {
        topics.publish(
                events.stream().map(event -> Map.entry(event.sessionId(), json(event))).toList());
    }

    /**
     * Returns the value of the record. It has no session id, because that is the key of the record.
     */
    private static String json(TurnRecorded event) {
        return ExactJson.write(generator -> TurnJson.write(event.turn(), generator));
    }

    /** Asserts that each turn is stored once and counted once. */
    public void assertStored(SessionReader sessions) {
        Map<String, List<TurnRecorded>> bySession =
                inOrderOfPublication.stream()
                        .collect(Collectors.groupingBy(TurnRecorded::sessionId));
        bySession.forEach(
                (id, events) -> {
                    Session expected = SessionModel.of(id, events).orElseThrow();
                    Session found =
                            sessions.find(id, 0, Consistency.EVENTUAL)
                                    .await()
                                    .atMost(TIMEOUT)
                                    .orElseThrow();
                    assertThat(found.counters()).as(id).isEqualTo(expected.counters());
                    assertThat(found.startedAt()).as(id).isEqualTo(expected.startedAt());
                    assertThat(found.lastActivityAt()).as(id).isEqualTo(expected.lastActivityAt());
                    assertThat(listed(sessions, id)).as(id).isEqualTo(expected.recentTurns());
                });
    }

    private static List<Json> listed(SessionReader sessions, String id) {
        List<Json> turns = new ArrayList<>();
        Optional<String> cursor = Optional.empty();
        do {
            TurnQuery query = TurnQuery.all(TurnQuery.Order.OLDEST_FIRST, 50, cursor);
            ResultPage<Json> result =
                    sessions.listTurns(id, query).await().atMost(TIMEOUT).orElseThrow();
            turns.addAll(result.items());
            cursor = result.next();
        } while (cursor.isPresent());
        return turns;
    }
}
