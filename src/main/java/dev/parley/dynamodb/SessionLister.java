package dev.parley.dynamodb;

import dev.parley.dynamodb.IndexSlice.Entry;
import dev.parley.session.Page;
import dev.parley.session.Session;
import dev.parley.session.SessionQuery;
import dev.parley.session.TimeRange;
import io.smallrye.mutiny.Uni;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Lists sessions: entries of an index first, then the heads of all of them in one request. The head
 * is what counts: an index is some moments behind it.
 */
final class SessionLister {

    /**
     * Stretches of an index that one part of a list looks at: a part of many empty days, or of what
     * filters drop, ends early rather than late.
     */
    private static final int MAX_SLICES = 32;

    /** Heads to look at, at least, where the wanted status may drop some of them. */
    private static final int FILTERED = 20;

    private final SessionIndex index;
    private final SessionQuery query;
    private final Sessions sessions;
    private final List<Session> found = new ArrayList<>();
    private final Set<String> seen = new HashSet<>(); // one that moves meanwhile is met again
    private SessionCursor position;
    private boolean ended;
    private int slices;

    /** Gives those of some sessions that readers may see, by id and without turns. */
    @FunctionalInterface
    interface Sessions {
        Uni<Map<String, Session>> of(Set<String> sessionIds, boolean consistent);
    }

    SessionLister(SessionIndex index, SessionQuery query, Sessions sessions) {
        this.index = index;
        this.query = query;
        this.sessions = sessions;
        this.position =
                query.cursor()
                        .map(SessionCursor::of)
                        .orElseGet(() -> SessionCursor.before(query.started().to()));
        this.ended = query.started().isEmpty();
    }

    Uni<Page<Session>> list() {
        int missing = query.limit() - found.size();
        if (missing == 0 || ended || slices >= MAX_SLICES) {
            return Uni.createFrom().item(this::page);
        }
        int wanted = query.status().isPresent() ? Math.max(missing, FILTERED) : missing;
        SessionCursor start = position;
        return entries(new ArrayList<>(), wanted)
                .chain(entries -> placed(entries, start))
                .invoke(placed -> take(placed, missing))
                .chain(this::list);
    }

    private Page<Session> page() {
        return new Page<>(found, ended ? Optional.empty() : Optional.of(position.text()));
    }

    /** The next entries of the index; moves the position behind them. */
    private Uni<List<Entry>> entries(List<Entry> taken, int wanted) {
        if (taken.size() == wanted || ended || slices >= MAX_SLICES) {
            return Uni.createFrom().item(taken);
        }
        slices++;
        return nextSlice(wanted - taken.size())
                .invoke(slice -> taken.addAll(slice.entries()))
                .chain(slice -> entries(taken, wanted));
    }

    private Uni<IndexSlice> nextSlice(int limit) {
        TimeRange started = query.started();
        if (query.userId().isPresent()) {
            return index.ofUser(query.userId().get(), started, position, query.channel(), limit)
                    .map(slice -> slice.first(limit))
                    .invoke(slice -> moveBehind(slice, started.from()));
        }
        LocalDate day =
                SessionIndex.day(
                        position.isBetweenMoments() ? position.at().minusNanos(1) : position.at());
        return index.ofDay(day, started, position, query.channel(), limit)
                .map(slice -> slice.first(limit))
                .invoke(slice -> moveBehind(slice, day.atStartOfDay(ZoneOffset.UTC).toInstant()));
    }

    /**
     * @param begins the first moment of what the slice is of
     */
    private void moveBehind(IndexSlice slice, Instant begins) {
        position = slice.end().map(Entry::cursor).orElseGet(() -> SessionCursor.before(begins));
        ended = slice.end().isEmpty() && !begins.isAfter(query.started().from());
    }

    /** A session where it stands in the list. */
    private record Placed(Entry entry, Session session) {}

    /** Those of the sessions that are wanted, in order, as they are now. */
    private Uni<List<Placed>> placed(List<Entry> entries, SessionCursor start) {
        SessionCursor end = position;
        return sessions(entries)
                .map(
                        stored -> {
                            List<Placed> placed = new ArrayList<>();
                            for (Entry entry : entries) {
                                Session session = stored.get(entry.sessionId());
                                if (session != null
                                        && isHere(entry, session.startedAt(), start, end)
                                        && isWanted(session)
                                        && seen.add(session.id())) {
                                    placed.add(new Placed(entry.at(session.startedAt()), session));
                                }
                            }
                            placed.sort(Comparator.comparing(Placed::entry, IndexSlice.ORDER));
                            return placed;
                        });
    }

    /**
     * Whether a session has its place in a stretch of the list. If its start has moved since the
     * index was written, that is where its head says.
     */
    private static boolean isHere(
            Entry entry, Instant startedAt, SessionCursor start, SessionCursor end) {
        Entry place = entry.at(startedAt);
        return place.equals(entry) || (end.hasPassed(place) && !start.hasPassed(place));
    }

    private boolean isWanted(Session session) {
        return is(query.userId(), session.userId())
                && is(query.channel(), session.channel())
                && is(query.status(), session.status())
                && query.started().contains(session.startedAt());
    }

    private static <T> boolean is(Optional<T> wanted, @Nullable T value) {
        return wanted.isEmpty() || wanted.get().equals(value);
    }

    private void take(List<Placed> placed, int missing) {
        List<Placed> given = placed.size() > missing ? placed.subList(0, missing) : placed;
        given.forEach(each -> found.add(each.session()));
        if (given.size() < placed.size()) {
            position = given.getLast().entry().cursor();
            ended = false;
        }
    }

    /**
     * The sessions as readers may see them, by id. Where the index knows better they are asked for
     * again, consistently: a replica may be behind it.
     */
    private Uni<Map<String, Session>> sessions(List<Entry> entries) {
        if (entries.isEmpty()) {
            return Uni.createFrom().item(Map.of());
        }
        return sessions.of(ids(entries, entry -> true), false)
                .chain(
                        stored -> {
                            Set<String> behind =
                                    ids(entries, e -> !agrees(stored.get(e.sessionId()), e));
                            stored.keySet().removeAll(behind);
                            return behind.isEmpty()
                                    ? Uni.createFrom().item(stored)
                                    : sessions.of(behind, true)
                                            .invoke(stored::putAll)
                                            .replaceWith(stored);
                        });
    }

    private static Set<String> ids(List<Entry> entries, Predicate<Entry> which) {
        return entries.stream().filter(which).map(Entry::sessionId).collect(Collectors.toSet());
    }

    /** What the index gives is of the user and on the channel that are wanted. */
    private boolean agrees(@Nullable Session session, Entry entry) {
        return session != null
                && session.startedAt().equals(entry.startedAt())
                && is(query.userId(), session.userId())
                && is(query.channel(), session.channel());
    }
}
