package dev.parley.dynamodb.read;

import dev.parley.dynamodb.layout.FormerStarts;
import dev.parley.dynamodb.layout.VisibleHead;
import dev.parley.dynamodb.read.IndexSlice.Entry;
import dev.parley.session.ResultPage;
import dev.parley.session.Session;
import dev.parley.session.SessionQuery;
import dev.parley.session.TimeRange;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Lists sessions. It reads entries of an index first, then the heads of all of them in one request.
 * The head is authoritative, because an index is updated some moments later. A session that moves
 * while the list is read is returned once ({@link ListProgress}).
 */
public final class SessionLister {

    /**
     * The maximum number of index slices for one part of a list. A part with many empty days, or
     * with many sessions that filters drop, ends early instead of late.
     */
    private static final int MAX_SLICES = 32;

    /** The number of large profiles that a list reads at the same time. */
    private static final int PROFILES_AT_A_TIME = 16;

    /** The minimum number of heads to read if the status filter may drop some of them. */
    private static final int FILTERED = 20;

    private final SessionIndex index;
    private final SessionQuery query;
    private final Heads heads;
    private final WholeProfiles profiles;
    private final List<Session> found = new ArrayList<>();
    private final Set<String> seen = new HashSet<>(); // a session that moves may be read again
    private ListProgress progress;
    private SessionCursor position;
    private boolean ended;
    private int slices;

    /** The characters of the attributes and user data that the result contains so far. */
    private long characters;

    /** Reads heads, and returns those that readers may see, by session id. */
    @FunctionalInterface
    public interface Heads {
        Uni<Map<String, VisibleHead>> read(Set<String> sessionIds, boolean consistent);
    }

    public SessionLister(
            SessionIndex index, SessionQuery query, Heads heads, WholeProfiles profiles) {
        this.index = index;
        this.query = query;
        this.heads = heads;
        this.profiles = profiles;
        ListProgress.Stop start =
                query.cursor()
                        .map(ListProgress.Stop::of)
                        .orElseGet(
                                () -> new ListProgress.Stop(ListProgress.start(now()), top(query)));
        this.progress = start.progress();
        this.position = start.position();
        this.ended = query.started().isEmpty();
    }

    private static SessionCursor top(SessionQuery query) {
        return SessionCursor.beforeMoment(query.started().to());
    }

    /** Returns the current time from the same clock as that of {@link FormerStarts}. */
    private static Instant now() {
        return Clock.systemUTC().instant();
    }

    public Uni<ResultPage<Session>> list() {
        int missing = query.limit() - found.size();
        if (missing == 0
                || ended
                || slices >= MAX_SLICES
                || characters >= TurnLister.MAX_CHARACTERS) {
            return Uni.createFrom().item(this::resultPage);
        }
        int wanted = query.status().isPresent() ? Math.max(missing, FILTERED) : missing;
        SessionCursor start = position;
        return entries(new ArrayList<>(), wanted)
                .chain(entries -> sessionsOf(entries, start))
                .chain(sessions -> addToResult(sessions, missing))
                .chain(this::list);
    }

    private ResultPage<Session> resultPage() {
        return new ResultPage<>(
                found,
                ended
                        ? Optional.empty()
                        : Optional.of(new ListProgress.Stop(progress, position).text()));
    }

    /** Returns the next entries of the index, and moves the position after them. */
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
        SessionIndex.Filter filter =
                new SessionIndex.Filter(
                        query.channel(),
                        progress.isRepeatedPass()
                                ? Optional.of(progress.began())
                                : Optional.empty());
        if (query.userId().isPresent()) {
            return index.ofUser(query.userId().get(), started, position, filter, limit)
                    .map(slice -> slice.first(limit))
                    .invoke(slice -> moveAfter(slice, started.from()));
        }
        LocalDate day =
                SessionIndex.day(
                        position.isBetweenMoments() ? position.at().minusNanos(1) : position.at());
        return index.ofDay(day, started, position, filter, limit)
                .map(slice -> slice.first(limit))
                .invoke(slice -> moveAfter(slice, day.atStartOfDay(ZoneOffset.UTC).toInstant()));
    }

    /**
     * Moves the position after a slice.
     *
     * @param begins the first moment of the range that the slice is from
     */
    private void moveAfter(IndexSlice slice, Instant begins) {
        position =
                slice.end()
                        .map(SessionCursor::afterEntry)
                        .orElseGet(() -> SessionCursor.beforeMoment(begins));
        ended = slice.end().isEmpty() && !begins.isAfter(query.started().from());
    }

    /** A session at its position in the list. */
    private record ListedSession(Entry entry, VisibleHead head) {}

    /** Returns the wanted sessions in order, in their current state. */
    private Uni<List<ListedSession>> sessionsOf(List<Entry> entries, SessionCursor start) {
        SessionCursor end = position;
        return heads(entries)
                .map(
                        stored ->
                                entries.stream()
                                        .flatMap(
                                                e ->
                                                        listed(
                                                                e,
                                                                stored.get(e.sessionId()),
                                                                start,
                                                                end))
                                        .filter(listed -> seen.add(listed.head().sessionId()))
                                        .sorted(
                                                Comparator.comparing(
                                                        ListedSession::entry, IndexSlice.ORDER))
                                        .toList());
    }

    private Stream<ListedSession> listed(
            Entry entry, @Nullable VisibleHead head, SessionCursor start, SessionCursor end) {
        if (head == null || !isInThisPart(entry, head.startedAt(), start, end)) {
            return Stream.empty();
        }
        Entry current = entry.at(head.startedAt());
        return isWanted(head) && !progress.hasAlreadyPassed(head.head().startMoves(), current)
                ? Stream.of(new ListedSession(current, head))
                : Stream.empty();
    }

    /**
     * Returns whether the session is in this part of the list. If its start has moved since the
     * index was written, the start in its head counts.
     */
    private static boolean isInThisPart(
            Entry entry, Instant startedAt, SessionCursor start, SessionCursor end) {
        Entry current = entry.at(startedAt);
        return current.equals(entry) || (end.hasPassed(current) && !start.hasPassed(current));
    }

    private boolean isWanted(VisibleHead head) {
        return matches(query.userId(), head.userId())
                && matches(query.channel(), head.channel())
                && matches(query.status(), head.status())
                && query.started().contains(head.startedAt());
    }

    private static <T> boolean matches(Optional<T> wanted, @Nullable T value) {
        return wanted.isEmpty() || wanted.get().equals(value);
    }

    private Uni<Void> addToResult(List<ListedSession> sessions, int missing) {
        return addFrom(sessions.subList(0, Math.min(missing, sessions.size())), 0)
                .invoke(added -> passed(sessions, sessions.subList(0, added)))
                .replaceWithVoid();
    }

    /**
     * Adds sessions to the result until their data are too large, and returns how many it has
     * processed.
     */
    private Uni<Integer> addFrom(List<ListedSession> sessions, int from) {
        if (from == sessions.size() || characters >= TurnLister.MAX_CHARACTERS) {
            return Uni.createFrom().item(from);
        }
        int to = Math.min(sessions.size(), from + PROFILES_AT_A_TIME);
        List<ListedSession> next = sessions.subList(from, to);
        return whole(next)
                .invoke(
                        whole ->
                                next.stream()
                                        .map(each -> whole.get(each.head().sessionId()))
                                        .filter(Objects::nonNull)
                                        .forEach(head -> add(head.withoutTurns())))
                .chain(() -> addFrom(sessions, to));
    }

    private void add(Session session) {
        found.add(session);
        Stream.of(session.attributes(), session.userData())
                .flatMap(values -> values.values().stream())
                .forEach(value -> characters += value.text().length());
    }

    /** Returns the sessions with their whole profiles, by id, without those that are gone. */
    private Uni<Map<String, VisibleHead>> whole(List<ListedSession> sessions) {
        return Multi.createFrom()
                .iterable(sessions)
                .map(ListedSession::head)
                .onItem()
                .transformToUni(
                        head ->
                                query.withData()
                                        ? profiles.of(head)
                                        : Uni.createFrom()
                                                .item(Optional.of(head.withoutProfileItem())))
                .merge(PROFILES_AT_A_TIME)
                .filter(Optional::isPresent)
                .map(Optional::get)
                .filter(this::isWanted)
                .collect()
                .asMap(VisibleHead::sessionId);
    }

    private void passed(List<ListedSession> sessions, List<ListedSession> returned) {
        if (returned.size() < sessions.size()) {
            position = SessionCursor.afterEntry(returned.getLast().entry());
            ended = false;
        }
        progress =
                progress.passed(
                        position, returned.stream().map(ListedSession::entry).toList(), now());
        if (ended && needsAnotherPass()) {
            progress = progress.nextPass();
            position = top(query);
            ended = false;
        }
    }

    /**
     * Returns whether the index has to be read again. A list of a single part does not need that,
     * even if sessions move while it is read.
     */
    private boolean needsAnotherPass() {
        return progress.isRepeatedPass() ? progress.hasReturned() : query.cursor().isPresent();
    }

    /**
     * Returns the sessions that readers may see, by id. If a head does not agree with its index
     * entry, it is read again with a consistent read, because a replica may be older than the
     * index.
     */
    private Uni<Map<String, VisibleHead>> heads(List<Entry> entries) {
        if (entries.isEmpty()) {
            return Uni.createFrom().item(Map.of());
        }
        return heads.read(ids(entries, entry -> true), false)
                .chain(
                        stored -> {
                            Set<String> outdated =
                                    ids(entries, e -> !agrees(stored.get(e.sessionId()), e));
                            stored.keySet().removeAll(outdated);
                            return outdated.isEmpty()
                                    ? Uni.createFrom().item(stored)
                                    : heads.read(outdated, true)
                                            .invoke(stored::putAll)
                                            .replaceWith(stored);
                        });
    }

    private static Set<String> ids(List<Entry> entries, Predicate<Entry> which) {
        return entries.stream().filter(which).map(Entry::sessionId).collect(Collectors.toSet());
    }

    /**
     * Returns whether the head agrees with the entry. An entry of the index has the wanted user and
     * the wanted channel.
     */
    private boolean agrees(@Nullable VisibleHead head, Entry entry) {
        return head != null
                && head.startedAt().equals(entry.startedAt())
                && matches(query.userId(), head.userId())
                && matches(query.channel(), head.channel());
    }
}
