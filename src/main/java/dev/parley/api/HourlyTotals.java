package dev.parley.api;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import dev.parley.api.problem.Problems;
import dev.parley.session.Session;
import dev.parley.session.SessionQuery;
import dev.parley.session.SessionReader;
import dev.parley.session.TimeRange;
import dev.parley.session.Totals;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Totals of the sessions that started in one hour, by channel. They are counted from the sessions
 * themselves and cached for a tenth of the time since the end of the hour, one hour at most.
 * Sessions continue after the hour in which they started, but fewer and fewer of them do.
 */
@ApplicationScoped
class HourlyTotals {

    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration MIN_TIME_TO_LIVE = Duration.ofSeconds(5);
    private static final int AGE_DIVISOR = 10;

    /**
     * The heap, in bytes, of the totals of one channel without its name, and of an hour without any
     * channel. It is an estimate, and rather too high.
     */
    private static final int CHANNEL_BYTES = 1_024;

    private final SessionReader sessions;
    private final int maxSessions;
    private final Clock clock;
    private final AsyncCache<Instant, Map<Optional<String>, Totals>> cache;

    HourlyTotals(SessionReader sessions, ApiConfig config, Clock clock) {
        this.sessions = sessions;
        this.maxSessions = config.statsMaxSessions();
        this.clock = clock;
        this.cache =
                Caffeine.newBuilder()
                        .maximumWeight(config.statsCacheBytes())
                        .<Instant, Map<Optional<String>, Totals>>weigher(
                                (hour, totals) -> bytes(totals))
                        .expireAfter(
                                Expiry.<Instant, Map<Optional<String>, Totals>>creating(
                                        (hour, totals) -> timeToLive(hour)))
                        .buildAsync();
    }

    /**
     * Estimates the heap of the totals of an hour. Platforms name their channels, so the number of
     * channels and the length of their names are not known in advance.
     */
    private static int bytes(Map<Optional<String>, Totals> totals) {
        long bytes = CHANNEL_BYTES;
        for (Optional<String> channel : totals.keySet()) {
            bytes += CHANNEL_BYTES + (long) Character.BYTES * channel.orElse("").length();
        }
        return (int) Math.min(bytes, Integer.MAX_VALUE);
    }

    private Duration timeToLive(Instant hour) {
        Duration over = Duration.between(hour.plus(HOUR), clock.instant());
        Duration part = over.dividedBy(AGE_DIVISOR);
        if (part.compareTo(MIN_TIME_TO_LIVE) < 0) {
            return MIN_TIME_TO_LIVE;
        }
        return part.compareTo(HOUR) > 0 ? HOUR : part;
    }

    boolean isCached(Instant hour) {
        return cache.getIfPresent(hour) != null;
    }

    /**
     * Returns the totals of an hour, by channel; the empty key stands for sessions without a
     * channel.
     *
     * @param hour the start of the hour
     */
    Uni<Map<Optional<String>, Totals>> get(Instant hour) {
        return Uni.createFrom().completionStage(() -> sharedCount(hour).copy());
    }

    /**
     * Returns the count that several requests share. A client that leaves, or no longer waits, must
     * not cancel it for the others.
     */
    private CompletableFuture<Map<Optional<String>, Totals>> sharedCount(Instant hour) {
        return cache.get(hour, (start, executor) -> count(start).subscribeAsCompletionStage());
    }

    private Uni<Map<Optional<String>, Totals>> count(Instant hour) {
        TimeRange when = new TimeRange(hour, hour.plus(HOUR));
        return count(SessionQuery.started(when).withoutData(), new HashMap<>());
    }

    private Uni<Map<Optional<String>, Totals>> count(
            SessionQuery query, Map<Optional<String>, Totals> counted) {
        return sessions.list(query)
                .chain(
                        page -> {
                            add(page.items(), counted);
                            return page.next()
                                    .map(next -> count(query.from(next), counted))
                                    .orElseGet(() -> Uni.createFrom().item(counted));
                        });
    }

    private void add(List<Session> added, Map<Optional<String>, Totals> counted) {
        added.forEach(
                session ->
                        counted.merge(
                                Optional.ofNullable(session.channel()),
                                Totals.NONE.plus(session),
                                Totals::plus));
        if (sessions(counted) > maxSessions) {
            throw tooMany();
        }
    }

    static long sessions(Map<Optional<String>, Totals> counted) {
        return counted.values().stream().mapToLong(Totals::sessions).sum();
    }

    RuntimeException tooMany() {
        return Problems.badRequest(
                ("more than %d sessions started in that time, and reading all of them would"
                                + " cost too much; request a shorter time range. Hours that are"
                                + " already counted stay cached for a while")
                        .formatted(maxSessions));
    }
}
