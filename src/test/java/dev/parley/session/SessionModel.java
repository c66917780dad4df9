package dev.parley.session;

import dev.parley.json.Turns;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a session must look like after a set of events, computed in the plainest way: all events at
 * once, sorted, without a thought for how they arrived. The store is held against it.
 */
public final class SessionModel {

    private SessionModel() {}

    /** How far clocks are apart: some seconds, so that histories of a minute have both. */
    public static final Duration SKEW = Duration.ofSeconds(10);

    /** The session, with version 0 and all its turns; empty if nothing of it is left. */
    public static Optional<Session> of(
            String sessionId, Collection<? extends SessionEvent> events) {
        Optional<Instant> deletedAt = deletedAt(events);
        List<SessionEvent> left = new ArrayList<>();
        for (SessionEvent event : events) {
            if (!(event instanceof SessionEvent.SessionDeleted)
                    && deletedAt.map(event.occurredAt()::isAfter).orElse(true)) {
                left.add(event);
            }
        }
        return left.isEmpty() ? Optional.empty() : Optional.of(session(sessionId, left));
    }

    /** Up to when the events delete; empty if they don't. */
    public static Optional<Instant> deletedAt(Collection<? extends SessionEvent> events) {
        return events.stream()
                .filter(SessionEvent.SessionDeleted.class::isInstance)
                .map(SessionEvent::occurredAt)
                .max(Comparator.naturalOrder());
    }

    /**
     * A session without what depends on how the events came: the version, and how many turns are
     * recent.
     */
    public static Session apartFromLayout(Session session) {
        return new Session(
                session.id(),
                session.userId(),
                session.channel(),
                session.status(),
                session.startedAt(),
                session.lastActivityAt(),
                session.asOf(),
                session.counters(),
                session.attributes(),
                session.userData(),
                0,
                List.of());
    }

    private static Session session(String sessionId, List<SessionEvent> events) {
        List<Turn> turns = turns(events);
        Instant asOf =
                events.stream().map(SessionEvent::occurredAt).max(Instant::compareTo).orElseThrow();
        SortedMap<String, Winner> attributes = winners(events, Patch::attributes);
        Optional<Instant> clearedAt = clearedAt(events);
        attributes.values().removeIf(set -> clearedAt.filter(set.at()::isBefore).isPresent());
        SortedMap<String, Winner> userData = winners(events, Patch::userData);
        SortedMap<String, Winner> identity = winners(events, SessionModel::identity);
        Optional<Instant> endedAt =
                events.stream()
                        .filter(SessionEvent.SessionEnded.class::isInstance)
                        .map(SessionEvent::occurredAt)
                        .max(Instant::compareTo);
        Instant earliest =
                Stream.concat(
                                Stream.concat(endedAt.stream(), clearedAt.stream()),
                                Stream.of(attributes, userData, identity)
                                        .flatMap(m -> m.values().stream())
                                        .map(Winner::at))
                        .min(Instant::compareTo)
                        .orElse(asOf);
        Instant last = turns.isEmpty() ? asOf : turns.getLast().occurredAt();
        return new Session(
                sessionId,
                string(identity.get("userId")),
                string(identity.get("channel")),
                endedAt.map(end -> end.plus(SKEW))
                                .filter(end -> turns.isEmpty() || !last.isAfter(end))
                                .isPresent()
                        ? Session.Status.ENDED
                        : Session.Status.OPEN,
                turns.isEmpty() ? earliest : turns.getFirst().occurredAt(),
                last,
                asOf,
                Counters.of(turns),
                values(attributes),
                values(userData),
                0,
                turns.stream().map(Turns::written).toList());
    }

    private static Optional<Instant> clearedAt(List<SessionEvent> events) {
        return events.stream()
                .filter(SessionEvent.SessionUpdated.class::isInstance)
                .map(SessionEvent.SessionUpdated.class::cast)
                .filter(event -> event.patch().clears())
                .map(SessionEvent::occurredAt)
                .max(Instant::compareTo);
    }

    private static List<Turn> turns(List<SessionEvent> events) {
        Map<Turn.Identity, Turn> newest = new HashMap<>();
        for (SessionEvent event : events) {
            if (event instanceof SessionEvent.TurnRecorded recorded) {
                newest.merge(
                        recorded.turn().identity(),
                        recorded.turn(),
                        (one, other) -> one.revision() >= other.revision() ? one : other);
            }
        }
        return newest.values().stream().sorted(Turn.ORDER).toList();
    }

    private record Winner(Instant at, Optional<Json> value) {}

    private static SortedMap<String, Winner> winners(
            List<SessionEvent> events, Function<Patch, Map<String, Optional<Json>>> part) {
        SortedMap<String, Winner> winners = new TreeMap<>();
        Comparator<Winner> byTimeThenValue =
                Comparator.comparing(Winner::at)
                        .thenComparing(winner -> winner.value().map(Json::text).orElse(""));
        for (SessionEvent event : events) {
            part.apply(patch(event))
                    .forEach(
                            (key, value) ->
                                    winners.merge(
                                            key,
                                            new Winner(event.occurredAt(), value),
                                            (one, other) ->
                                                    byTimeThenValue.compare(one, other) >= 0
                                                            ? one
                                                            : other));
        }
        return winners;
    }

    private static Map<String, Optional<Json>> identity(Patch patch) {
        Map<String, Optional<Json>> identity = new HashMap<>();
        if (patch.userId() != null) {
            identity.put("userId", Optional.of(new Json(patch.userId())));
        }
        if (patch.channel() != null) {
            identity.put("channel", Optional.of(new Json(patch.channel())));
        }
        return identity;
    }

    private static Patch patch(SessionEvent event) {
        return switch (event) {
            case SessionEvent.TurnRecorded recorded -> recorded.patch();
            case SessionEvent.SessionUpdated updated -> updated.patch();
            case SessionEvent.SessionEnded ended -> ended.patch();
            case SessionEvent.SessionDeleted deleted -> Patch.NONE;
        };
    }

    private static SortedMap<String, Json> values(SortedMap<String, Winner> winners) {
        SortedMap<String, Json> values = new TreeMap<>();
        winners.forEach((key, winner) -> winner.value().ifPresent(value -> values.put(key, value)));
        return values;
    }

    private static @Nullable String string(@Nullable Winner winner) {
        return winner == null ? null : winner.value().map(Json::text).orElse(null);
    }
}
