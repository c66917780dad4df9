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
 * Computes what a session must be after a set of events, in the simplest way: from all events at
 * once, sorted, whatever the order and the batches in which they arrived. Tests verify the store
 * against this model.
 */
public final class SessionModel {

    private SessionModel() {}

    /**
     * How much clocks may differ. It is a few seconds, so that a history of one minute has turns
     * both within and beyond this difference.
     */
    public static final Duration SKEW = Duration.ofSeconds(10);

    /** Returns the session, with version 0 and all its turns; empty if no event of it remains. */
    public static Optional<Session> of(
            String sessionId, Collection<? extends SessionEvent> events) {
        Optional<Instant> deletedAt = deletedAt(events);
        List<SessionEvent> remaining = new ArrayList<>();
        for (SessionEvent event : events) {
            if (!(event instanceof SessionEvent.SessionDeleted)
                    && deletedAt.map(event.occurredAt()::isAfter).orElse(true)) {
                remaining.add(event);
            }
        }
        return remaining.isEmpty() ? Optional.empty() : Optional.of(session(sessionId, remaining));
    }

    /**
     * Returns the time up to which the events delete the session; empty if none of them deletes it.
     */
    public static Optional<Instant> deletedAt(Collection<? extends SessionEvent> events) {
        return events.stream()
                .filter(SessionEvent.SessionDeleted.class::isInstance)
                .map(SessionEvent::occurredAt)
                .max(Comparator.naturalOrder());
    }

    /**
     * Returns the session without what depends on how the events arrived: the version, and the
     * number of recent turns.
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
        attributes.values().removeIf(value -> clearedAt.filter(value.at()::isBefore).isPresent());
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
                text(identity.get("userId")),
                text(identity.get("channel")),
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
                turns.stream().map(Turns::write).toList());
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

    private static @Nullable String text(@Nullable Winner winner) {
        return winner == null ? null : winner.value().map(Json::text).orElse(null);
    }
}
