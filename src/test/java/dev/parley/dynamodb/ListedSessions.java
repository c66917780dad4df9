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

/** Sessions to list: made up, written through the writer, and listed part by part. */
final class ListedSessions {

    static final int DAYS = 40;
    static final Instant FIRST_DAY = LocalTable.NOW.minus(Duration.ofDays(DAYS));

    /** Moments at which many sessions start: in midday, at midnight, and the last of a day. */
    static final List<Instant> BUSY =
            List.of(
                    FIRST_DAY.plus(Duration.ofHours(8 * 24 + 12)).plusMillis(250),
                    FIRST_DAY.plus(Duration.ofDays(20)),
                    FIRST_DAY.plus(Duration.ofDays(30)).minusNanos(1));

    /** So rare that what is read of a shard of {@link #CROWDED_DAY} doesn't fill a part. */
    static final String RARE_CHANNEL = "kiosk";

    private static final List<String> CHANNELS = List.of("web", "app", "phone", "mail");

    private static final Instant CROWDED_DAY = FIRST_DAY.plus(Duration.ofDays(15));

    /** More in each of its shards than one request looks at for a channel. */
    private static final int CROWD = 1_200;

    /** Newest first, and always the same order of those of one moment. */
    static final Comparator<Listed> ORDER =
            Comparator.comparing(Listed::startedAt).reversed().thenComparing(Listed::id);

    private static final int USERS = 300;
    private static final int WRITES_AT_ONCE = 24;
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private ListedSessions() {}

    /** What of a session its place in lists depends on. */
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
                            size > CROWD && i < CROWD
                                    ? within(CROWDED_DAY, random)
                                    : moment(random),
                            user(random),
                            channel(random),
                            random.nextInt(3) == 0 ? Session.Status.ENDED : Session.Status.OPEN));
        }
        return sessions;
    }

    /** A few users have many sessions, and most have some. */
    private static String user(Random random) {
        double dice = random.nextDouble();
        return "u-" + (int) (USERS * dice * dice * dice);
    }

    private static @Nullable String channel(Random random) {
        if (random.nextInt(6) == 0) {
            return null;
        }
        return random.nextInt(40) == 0
                ? RARE_CHANNEL
                : CHANNELS.get(random.nextInt(CHANNELS.size()));
    }

    /** On one day in seven nothing starts. */
    private static Instant moment(Random random) {
        if (random.nextInt(3) == 0) {
            return BUSY.get(random.nextInt(BUSY.size()));
        }
        int day = random.nextInt(DAYS);
        return within(FIRST_DAY.plus(Duration.ofDays(day % 7 == 3 ? day + 1 : day)), random);
    }

    private static Instant within(Instant day, Random random) {
        return day.plusMillis(random.nextInt((int) Duration.ofDays(1).toMillis()));
    }

    static void write(LocalTable table, Collection<Listed> sessions) {
        DynamoDbSessionWriter writer = table.writer(LocalTable.NOW);
        Multi.createFrom()
                .iterable(sessions)
                .onItem()
                .transformToUni(session -> writer.apply(session.id(), events(session)))
                .merge(WRITES_AT_ONCE)
                .collect()
                .last()
                .await()
                .atMost(PATIENCE);
    }

    /** Of sessions that ended some have no turn at all. */
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

    /** All parts of a list, one after the other. */
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
                    .as("a list that goes back never ends")
                    .isNotEqualTo(Optional.of(false));
        }
        return parts;
    }

    static ResultPage<Session> part(SessionReader reader, SessionQuery query) {
        return reader.list(query).await().atMost(PATIENCE);
    }
}
