package dev.parley.packaged;

import static dev.parley.support.Timeouts.TIMEOUT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import dev.parley.local.ServiceProcess;
import dev.parley.support.EventsClient;
import dev.parley.support.EventsClient.Event;
import dev.parley.support.RawResponse;
import dev.parley.support.ResourceUsage;
import dev.parley.support.SessionPublisher;
import dev.parley.support.Transcript;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Tests that clients can follow a session at one instance while another instance writes it. */
@Tag("packaged")
@Tag("slow")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SessionEventsIT {

    private static final int MAX_STREAMS = 12;
    private static final int FOLLOWERS = 10;

    /** Two polls per second (the default of parley.table.watch-interval), half a unit each. */
    private static final double UNITS_PER_SECOND = 2 * 0.5;

    private final TwoInstances instances = new TwoInstances(MAX_STREAMS);
    private final ServiceProcess first = instances.first();
    private final ServiceProcess second = instances.second();

    @BeforeAll
    void start() {
        instances.awaitReady();
    }

    @AfterAll
    void close() {
        instances.close();
    }

    @Test
    void follower_ofASession_getsRecentTurnsAndThenNewEvents() throws Exception {
        SessionPublisher session = instances.sessionWrittenBySecond();
        try (EventsClient follower = follow(first, session, "")) {
            follower.awaitEvent(event -> event.name().equals("session"));
            assertThat(follower.events())
                    .extracting(Event::name)
                    .containsExactly("turn", "session");

            session.publish(1);

            follower.awaitEvent(SessionPublisher.turn(1));
            follower.awaitEvent(SessionPublisher.hasTurnCount(2));
            assertThat(follower.events())
                    .extracting(Event::name)
                    .containsExactly("turn", "session", "turn", "session");
            assertThat(follower.events()).extracting(Event::id).doesNotContain("");
        }
    }

    @Test
    void turn_readableAtOneInstance_isStreamedByTheOtherWithinSeconds() throws Exception {
        SessionPublisher session = instances.sessionWrittenBySecond();
        List<Long> millis = new ArrayList<>();
        try (EventsClient follower = follow(first, session, "")) {
            for (int i = 1; i <= 12; i++) {
                session.publish(i);
                String readable = "\"turnId\":\"t-" + i + "\"";
                await().atMost(TIMEOUT)
                        .pollInterval(Duration.ofMillis(5))
                        .until(() -> second.get(session.path()).body().contains(readable));
                long readableAt = System.nanoTime();
                long streamedAt = follower.awaitEvent(SessionPublisher.turn(i)).at();
                millis.add(TimeUnit.NANOSECONDS.toMillis(streamedAt - readableAt));
            }
        }

        List<Long> sorted = millis.stream().sorted().toList();
        System.out.printf(
                "ms from readable to streamed: median %d, longest %d%n",
                sorted.get(sorted.size() / 2), sorted.getLast());
        assertThat(sorted.get(sorted.size() / 2)).isLessThan(1_000);
        assertThat(sorted.getLast()).isLessThan(3_000);
    }

    @Test
    void follower_reconnectingToAnotherInstance_missesNothing() throws Exception {
        SessionPublisher session = instances.sessionWrittenBySecond();
        session.publish(1, 30);
        instances.awaitTurns(session, 30);
        String last;
        try (EventsClient follower = follow(first, session, "")) {
            follower.awaitEvent(SessionPublisher.turn(29));
            last = follower.awaitEvent(event -> event.name().equals("session")).id();
        }
        session.publish(30, 60);
        session.publishLateTurn(3);
        session.revise(5, 1);
        session.revise(28, 1);
        session.revise(59, 2);
        instances.awaitTurns(session, 61);
        instances.awaitRevised(session, 59);

        try (EventsClient reconnected = follow(second, session, last)) {
            reconnected.awaitEvent(SessionPublisher.hasTurnCount(61));

            Transcript transcript = new Transcript();
            reconnected.events().forEach(transcript::add);
            assertThat(transcript.revisions())
                    .containsAllEntriesOf(session.newestRevisionsSince(30));
        }
    }

    /**
     * The follower disconnects after a random event, and the session changes until it reconnects.
     */
    @Test
    void follower_reconnectingRepeatedly_receivesTheWholeSession() throws Exception {
        long seed = Long.getLong("parley.seed", System.nanoTime());
        System.out.println("parley.seed=" + seed);
        Random random = new Random(seed);
        SessionPublisher session = instances.sessionWrittenBySecond();
        Transcript transcript = new Transcript();
        String last = "";
        for (int round = 1; round <= 15; round++) {
            ServiceProcess instance = random.nextBoolean() ? first : second;
            try (EventsClient follower = follow(instance, session, last)) {
                session.publishRandomEvents(random);
                int maxTaken = 1 + random.nextInt(12);
                await().atMost(TIMEOUT)
                        .pollInterval(Duration.ofMillis(10))
                        .until(() -> follower.events().size() >= 1);
                List<Event> received = follower.events();
                for (Event event : received.subList(0, Math.min(maxTaken, received.size()))) {
                    transcript.add(event);
                    last = event.id();
                }
            }
            session.publishRandomEvents(random);
        }

        instances.awaitTurns(session, session.turnCount());
        try (EventsClient follower = follow(first, session, last)) {
            awaiting()
                    .untilAsserted(
                            () -> {
                                follower.events().forEach(transcript::add);
                                assertThat(transcript.revisions())
                                        .isEqualTo(session.newestRevisions());
                            });
        }
    }

    @Test
    void follower_fromAGivenTime_startsAtThatTime() throws Exception {
        SessionPublisher session = instances.sessionWrittenBySecond();
        session.publish(1, 40);
        instances.awaitTurns(session, 40);

        URI from = first.uri(session.path() + "/events?from=" + session.timeOf(12));
        try (EventsClient follower = EventsClient.connect(from, "")) {
            follower.awaitEvent(SessionPublisher.hasTurnCount(40));

            Transcript transcript = new Transcript();
            follower.events().forEach(transcript::add);
            assertThat(transcript.revisions()).isEqualTo(session.newestRevisionsSince(12));
        }
    }

    @Test
    void deletionOfASession_endsItsStreamsWithGone() throws Exception {
        SessionPublisher session = instances.sessionWrittenBySecond();
        try (EventsClient follower = follow(first, session, "")) {
            follower.awaitEvent(event -> event.name().equals("session"));

            session.delete();

            assertThat(follower.end()).succeedsWithin(TIMEOUT);
            assertThat(follower.events().getLast().name()).isEqualTo("gone");
        }
    }

    @Test
    void followers_ofOneSession_costAsMuchAsOneUntilTheyDisconnect() throws Exception {
        SessionPublisher session = instances.sessionWrittenBySecond();
        ResourceUsage usage = new ResourceUsage(first);
        List<EventsClient> followers = new ArrayList<>();
        try {
            for (int i = 0; i < FOLLOWERS; i++) {
                followers.add(follow(first, session, ""));
            }
            followers.forEach(each -> each.awaitEvent(event -> event.name().equals("session")));
            double before = usage.readUnits();
            int comments = followers.getFirst().comments();

            awaiting().until(() -> followers.getFirst().comments() == comments + 4);

            double units = usage.readUnits() - before;
            System.out.printf("%d followers for 4 s: %.1f units%n", FOLLOWERS, units);
            assertThat(units).isCloseTo(4 * UNITS_PER_SECOND, within(1.5));
        } finally {
            for (EventsClient each : followers) {
                each.close();
            }
        }
        usage.awaitNoReads();
    }

    @Test
    void follower_beyondTheLimit_isRefusedUntilOneDisconnects() throws Exception {
        SessionPublisher session = instances.sessionWrittenBySecond();
        List<EventsClient> followers = new ArrayList<>();
        try {
            for (int i = 0; i < MAX_STREAMS; i++) {
                followers.add(follow(first, session, ""));
            }
            try (RawResponse refused = answer(session.path(), Map.of())) {
                assertThat(refused.status()).isEqualTo(503);
                assertThat(refused.header("content-type")).startsWith("application/problem+json");
                assertThat(refused.header("retry-after")).isNotEmpty();
            }

            followers.removeFirst().close();

            awaiting()
                    .until(
                            () -> {
                                try (RawResponse next = answer(session.path(), Map.of())) {
                                    return next.status() == 200;
                                }
                            });
        } finally {
            for (EventsClient each : followers) {
                each.close();
            }
        }
    }

    @Test
    void unknownSession_isAProblemButInvalidLastEventIdIsNot() throws Exception {
        SessionPublisher session = instances.sessionWrittenBySecond();
        try (RawResponse unknown = answer("/sessions/nobody", Map.of());
                RawResponse invalidId = answer(session.path(), Map.of("Last-Event-ID", "x"))) {
            assertThat(unknown.status()).isEqualTo(404);
            assertThat(unknown.header("content-type")).startsWith("application/problem+json");
            assertThat(invalidId.status())
                    .as("an error status would end an EventSource for good")
                    .isEqualTo(200);
            assertThat(invalidId.header("parley-resumed")).isEqualTo("false");
        }
    }

    private RawResponse answer(String path, Map<String, String> headers) throws Exception {
        return RawResponse.get(first.uri(path + "/events"), headers);
    }

    private static EventsClient follow(
            ServiceProcess instance, SessionPublisher session, String lastEventId)
            throws Exception {
        return EventsClient.connect(instance.uri(session.path() + "/events"), lastEventId);
    }

    private static ConditionFactory awaiting() {
        return TwoInstances.awaiting();
    }
}
