package dev.parley.api;

import static dev.parley.support.Timeouts.TIMEOUT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.session.Counters;
import dev.parley.session.ResultPage;
import dev.parley.session.Session;
import dev.parley.session.SessionQuery;
import dev.parley.session.SessionReader;
import io.smallrye.mutiny.Uni;
import java.lang.reflect.Proxy;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Tests how many hours are cached if every session has a different channel. */
class HourlyTotalsTest {

    private static final Instant FIRST = Instant.parse("2026-01-01T00:00:00Z");
    private static final int HOURS = 200;
    private static final int CHANNELS = SessionQuery.MAX_LIMIT;

    /** The length of the name of a channel, in characters of two bytes. */
    private static final int NAME_LENGTH = 500;

    /**
     * The memory for the names of the channels of ten hours. The totals take more memory in
     * addition.
     */
    private static final int CACHE_BYTES = 10 * CHANNELS * 2 * NAME_LENGTH;

    private final HourlyTotals totals =
            new HourlyTotals(
                    sessions(),
                    ApiSettings.with("stats-cache-bytes", "" + CACHE_BYTES),
                    Clock.systemUTC());

    @Test
    void hours_withManyChannels_areCachedUpToTheLimitInBytes() {
        for (Instant hour : hours().toList()) {
            assertThat(totals.get(hour).await().indefinitely()).hasSize(CHANNELS);
        }

        await().atMost(TIMEOUT)
                .untilAsserted(
                        () -> assertThat(hours().filter(totals::isCached)).hasSizeBetween(1, 10));
    }

    private static Stream<Instant> hours() {
        return IntStream.range(0, HOURS).mapToObj(hour -> FIRST.plus(Duration.ofHours(hour)));
    }

    /** Returns a store that can only list sessions. */
    private static SessionReader sessions() {
        return (SessionReader)
                Proxy.newProxyInstance(
                        SessionReader.class.getClassLoader(),
                        new Class<?>[] {SessionReader.class},
                        (proxy, method, arguments) ->
                                Uni.createFrom()
                                        .item(
                                                new ResultPage<>(
                                                        sessionsOf((SessionQuery) arguments[0]),
                                                        Optional.empty())));
    }

    private static List<Session> sessionsOf(SessionQuery query) {
        Instant at = query.started().from();
        return IntStream.range(0, CHANNELS)
                .mapToObj(
                        i ->
                                new Session(
                                        "s-" + i,
                                        null,
                                        "語".repeat(NAME_LENGTH) + i,
                                        Session.Status.OPEN,
                                        at,
                                        at,
                                        at,
                                        Counters.NONE,
                                        new TreeMap<>(),
                                        new TreeMap<>(),
                                        1,
                                        List.of()))
                .toList();
    }
}
