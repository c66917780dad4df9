package dev.parley.dynamodb;

import static dev.parley.session.EventBuilder.event;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.session.EventBuilder;
import dev.parley.session.ResultPage;
import dev.parley.session.Session;
import dev.parley.session.SessionEvent;
import dev.parley.session.SessionQuery;
import dev.parley.session.SessionReader;
import io.smallrye.mutiny.Multi;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Creates random sessions, writes them through the writer, and lists them part by part. */
final class ListedSessions {

    static final int DAYS = 40;
    static final Instant FIRST_DAY = LocalTable.NOW.minus(Duration.ofDays(DAYS));

    /** Moments at which many sessions start: at midday, at midnight, and at the end of a day. */
    static final List<Instant> BUSY =
            List.of(
                    FIRST_DAY.plus(Duration.ofHours(8 * 24 + 12)).plusMillis(250),
                    FIRST_DAY.plus(Duration.ofDays(20)),
                    FIRST_DAY.plus(Duration.ofDays(30)).minusNanos(1));

    /**
     * A channel that is so rare that the sessions which one request reads of a shard of {@link
     * #BUSIEST_DAY} don't fill a part.
     */
    static final String RARE_CHANNEL = "kiosk";

    private static final List<String> CHANNELS = List.of("web", "app", "phone", "mail");

    private static final Instant BUSIEST_DAY = FIRST_DAY.plus(Duration.ofDays(15));

    /** So many that each shard of the day has more than one request reads for a channel. */
    private static final int SESSIONS_ON_BUSIEST_DAY = 1_200;

    /** Newest first; sessions that start at the same moment have a fixed order. */
    static final Comparator<Listed> ORDER =
            Comparator.comparing(Listed::startedAt).reversed().thenComparing(Listed::id);

    private static final int USERS = 300;
    private static final int CONCURRENT_WRITES = 24;
    private static final Duration TIMEOUT = Duration.ofMinutes(5);

    private ListedSessions() {}

    /** The values of a session that determine its place in lists. */
    record Listed(
            String id,
            Instant startedAt,
            @Nullable String userId,
            @Nullable String channel,
            Session.Status status) {

        static Listed of(Session session) {
            return new Listed(
                    session.id(),
                    session.startedAt(),
                    session.userId(),
                    session.channel(),
                    session.status());
        }

        boolean isIn(SessionQuery query) {
            return query.started().contains(startedAt)
                    && query.userId().map(wanted -> wanted.equals(userId)).orElse(true)
                    && query.channel().map(wanted -> wanted.equals(channel)).orElse(true)
                    && query.status().map(wanted -> wanted == status).orElse(true);
        }

        /** Returns another session that differs only in its id and its start. */
        Listed at(String otherId, Instant moment) {
            return new Listed(otherId, moment, userId, channel, status);
        }
    }

    static List<Listed> random(int size, Random random) {
        List<Listed> sessions = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            sessions.add(
                    new Listed(
                            "s " + i,
                            size > SESSIONS_ON_BUSIEST_DAY && i < SESSIONS_ON_BUSIEST_DAY
                                    ? randomMomentOf(BUSIEST_DAY, random)
                                    : start(random),
                            user(random),
                            channel(random),
                            random.nextInt(3) == 0 ? Session.Status.ENDED : Session.Status.OPEN));
        }
        return sessions;
    }

    /** A few users have many sessions, and most users have some. */
    private static String user(Random random) {
        double number = random.nextDouble();
        return "u-" + (int) (USERS * number * number * number);
    }

    private static @Nullable String channel(Random random) {
        if (random.nextInt(6) == 0) {
            return null;
        }
        return random.nextInt(40) == 0
                ? RARE_CHANNEL
                : CHANNELS.get(random.nextInt(CHANNELS.size()));
    }

    /** On one day in seven no session starts, except at the {@link #BUSY} moments. */
    private static Instant start(Random random) {
        if (random.nextInt(3) == 0) {
            return BUSY.get(random.nextInt(BUSY.size()));
        }
        int day = random.nextInt(DAYS);
        return randomMomentOf(
                FIRST_DAY.plus(Duration.ofDays(day % 7 == 3 ? day + 1 : day)), random);
    }

    private static Instant randomMomentOf(Instant day, Random random) {
        return day.plusMillis(random.nextInt((int) Duration.ofDays(1).toMillis()));
    }

    static void write(LocalTable table, Collection<Listed> sessions) {
        DynamoDbSessionWriter writer = table.writer(LocalTable.NOW);
        Multi.createFrom()
                .iterable(sessions)
                .onItem()
                .transformToUni(session -> writer.apply(session.id(), events(session)))
                .merge(CONCURRENT_WRITES)
                .collect()
                .last()
                .await()
                .atMost(TIMEOUT);
    }

    /** Some of the ended sessions have no turn. */
    private static List<SessionEvent> events(Listed session) {
        EventBuilder event = event(session.id()).at(session.startedAt());
        Optional.ofNullable(session.userId()).ifPresent(event::userId);
        Optional.ofNullable(session.channel()).ifPresent(event::channel);
        if (session.status() == Session.Status.OPEN) {
            return List.of(event.turn("t-1", "Hello"));
        }
        return session.id().endsWith("1")
                ? List.of(event.ended())
                : List.of(event.turn("t-1", "Hello"), event.at(session.startedAt()).ended());
    }

    /** Returns all sessions of a list, read part by part. */
    static List<Listed> list(SessionReader reader, SessionQuery query) {
        List<Listed> all = new ArrayList<>();
        parts(reader, query).forEach(part -> part.items().forEach(s -> all.add(Listed.of(s))));
        return all;
    }

    static List<ResultPage<Session>> parts(SessionReader reader, SessionQuery query) {
        List<ResultPage<Session>> parts = new ArrayList<>();
        Set<SessionQuery> positions = new HashSet<>();
        Optional<SessionQuery> next = Optional.of(query);
        while (next.isPresent()) {
            parts.add(part(reader, next.get()));
            next = parts.getLast().next().map(query::from);
            assertThat(next.map(positions::add))
                    .as("each part of a list continues at a new position")
                    .isNotEqualTo(Optional.of(false));
        }
        return parts;
    }

    static ResultPage<Session> part(SessionReader reader, SessionQuery query) {
        return reader.list(query).await().atMost(TIMEOUT);
    }
}
