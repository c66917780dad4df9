package dev.parley.packaged;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import dev.parley.local.ServiceProcess;
import dev.parley.support.Conversation;
import dev.parley.support.EventsClient;
import dev.parley.support.EventsClient.Event;
import dev.parley.support.RawAnswer;
import dev.parley.support.ServiceFigures;
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

/** Sessions followed at one instance of the packaged service while another one writes them. */
@Tag("packaged")
@Tag("slow")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SessionEventsIT {

    private static final int MAX_STREAMS = 12;
    private static final int FOLLOWERS = 10;

    /** Looks in a second, by the default of parley.table.watch-interval, each half a read unit. */
    private static final double UNITS_A_SECOND = 2 * 0.5;

    private final TwoInstances instances = new TwoInstances(MAX_STREAMS);
    private final ServiceProcess here = instances.here();
    private final ServiceProcess there = instances.there();

    @BeforeAll
    void start() {
        instances.awaitReady();
    }

    @AfterAll
    void close() {
        instances.close();
    }

    @Test
    void follower_ofASession_getsItsRecentTurnsAndThenWhatComes() throws Exception {
        Conversation session = instances.writtenThere();
        try (EventsClient follower = follow(here, session, "")) {
            follower.awaitEvent(event -> event.name().equals("session"));
            assertThat(follower.events())
                    .extracting(Event::name)
                    .containsExactly("turn", "session");

            session.say(1);

            follower.awaitEvent(Conversation.turn(1));
            follower.awaitEvent(Conversation.counting(2));
            assertThat(follower.events())
                    .extracting(Event::name)
                    .containsExactly("turn", "session", "turn", "session");
            assertThat(follower.events()).extracting(Event::id).doesNotContain("");
        }
    }

    @Test
    void turn_thatCanBeReadAtOneInstance_isToldByTheOtherWithinASecond() throws Exception {
        Conversation session = instances.writtenThere();
        List<Long> millis = new ArrayList<>();
        try (EventsClient follower = follow(here, session, "")) {
            for (int i = 1; i <= 12; i++) {
                session.say(i);
                String readable = "\"turnId\":\"t-" + i + "\"";
                await().pollInterval(Duration.ofMillis(5))
                        .until(() -> there.get(session.path()).body().contains(readable));
                long then = System.nanoTime();
                long told = follower.awaitEvent(Conversation.turn(i)).at();
                millis.add(TimeUnit.NANOSECONDS.toMillis(told - then));
            }
        }

        List<Long> sorted = millis.stream().sorted().toList();
        System.out.printf(
                "ms from readable to told: median %d, worst %d%n",
                sorted.get(sorted.size() / 2), sorted.getLast());
        assertThat(sorted.get(sorted.size() / 2)).isLessThan(1_000);
        assertThat(sorted.getLast()).isLessThan(3_000);
    }

    @Test
    void follower_thatComesBackAtAnotherInstance_missesNothing() throws Exception {
        Conversation session = instances.writtenThere();
        session.say(1, 30);
        instances.awaitTurns(session, 30);
        String last;
        try (EventsClient follower = follow(here, session, "")) {
            follower.awaitEvent(Conversation.turn(29));
            last = follower.awaitEvent(event -> event.name().equals("session")).id();
        }
        session.say(30, 60);
        session.sayLate(3);
        session.revise(5, 1);
        session.revise(28, 1);
        session.revise(59, 2);
        instances.awaitTurns(session, 61);
        instances.awaitRevised(session, 59);

        try (EventsClient back = follow(there, session, last)) {
            back.awaitEvent(Conversation.counting(61));

            Transcript transcript = new Transcript();
            back.events().forEach(transcript::take);
            assertThat(transcript.revisions()).containsAllEntriesOf(session.since(30));
        }
    }

    /** Wherever it stops, and whatever happens until it is back. */
    @Test
    void follower_thatComesAndGoes_endsUpWithTheWholeSession() throws Exception {
        long seed = Long.getLong("parley.seed", System.nanoTime());
        System.out.println("parley.seed=" + seed);
        Random random = new Random(seed);
        Conversation session = instances.writtenThere();
        Transcript transcript = new Transcript();
        String last = "";
        for (int round = 1; round <= 15; round++) {
            ServiceProcess at = random.nextBoolean() ? here : there;
            try (EventsClient follower = follow(at, session, last)) {
                session.goOn(random);
                int enough = 1 + random.nextInt(12);
                await().atMost(Duration.ofMinutes(3))
                        .pollInterval(Duration.ofMillis(10))
                        .until(() -> follower.events().size() >= 1);
                List<Event> taken = follower.events();
                for (Event event : taken.subList(0, Math.min(enough, taken.size()))) {
                    transcript.take(event);
                    last = event.id();
                }
            }
            session.goOn(random);
        }

        instances.awaitTurns(session, session.size());
        try (EventsClient follower = follow(here, session, last)) {
            awaiting()
                    .untilAsserted(
                            () -> {
                                follower.events().forEach(transcript::take);
                                assertThat(transcript.revisions()).isEqualTo(session.all());
                            });
        }
    }

    @Test
    void follower_fromAMoment_beginsThere() throws Exception {
        Conversation session = instances.writtenThere();
        session.say(1, 40);
        instances.awaitTurns(session, 40);

        URI from = here.uri(session.path() + "/events?from=" + session.timeOf(12));
        try (EventsClient follower = EventsClient.of(from, "")) {
            follower.awaitEvent(Conversation.counting(40));

            Transcript transcript = new Transcript();
            follower.events().forEach(transcript::take);
            assertThat(transcript.revisions()).isEqualTo(session.since(12));
        }
    }

    @Test
    void session_thatIsDeleted_isGoneForItsFollowers() throws Exception {
        Conversation session = instances.writtenThere();
        try (EventsClient follower = follow(here, session, "")) {
            follower.awaitEvent(event -> event.name().equals("session"));

            session.delete();

            assertThat(follower.end()).succeedsWithin(EventsClient.PATIENCE);
            assertThat(follower.events().getLast().name()).isEqualTo("gone");
        }
    }

    @Test
    void followers_ofOneSession_costWhatOneDoesUntilTheyLeave() throws Exception {
        Conversation session = instances.writtenThere();
        ServiceFigures figures = new ServiceFigures(here);
        List<EventsClient> followers = new ArrayList<>();
        try {
            for (int i = 0; i < FOLLOWERS; i++) {
                followers.add(follow(here, session, ""));
            }
            followers.forEach(each -> each.awaitEvent(event -> event.name().equals("session")));
            double before = figures.readUnits();
            int comments = followers.getFirst().comments();

            awaiting().until(() -> followers.getFirst().comments() == comments + 4);

            double units = figures.readUnits() - before;
            System.out.printf("%d followers for 4 s: %.1f units%n", FOLLOWERS, units);
            assertThat(units).isCloseTo(4 * UNITS_A_SECOND, within(1.5));
        } finally {
            for (EventsClient each : followers) {
                each.close();
            }
        }
        figures.awaitNothingIsRead();
    }

    @Test
    void follower_beyondThoseThatMayBe_isTurnedDownUntilOneLeaves() throws Exception {
        Conversation session = instances.writtenThere();
        List<EventsClient> followers = new ArrayList<>();
        try {
            for (int i = 0; i < MAX_STREAMS; i++) {
                followers.add(follow(here, session, ""));
            }
            try (RawAnswer oneMore = answer(session.path(), Map.of())) {
                assertThat(oneMore.status()).isEqualTo(503);
                assertThat(oneMore.header("content-type")).startsWith("application/problem+json");
                assertThat(oneMore.header("retry-after")).isNotEmpty();
            }

            followers.removeFirst().close();

            awaiting()
                    .until(
                            () -> {
                                try (RawAnswer next = answer(session.path(), Map.of())) {
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
    void request_thatCantBeFollowed_isAProblem() throws Exception {
        Conversation session = instances.writtenThere();
        try (RawAnswer unknown = answer("/sessions/nobody", Map.of());
                RawAnswer garbage = answer(session.path(), Map.of("Last-Event-ID", "x"))) {
            assertThat(unknown.status()).isEqualTo(404);
            assertThat(unknown.header("content-type")).startsWith("application/problem+json");
            assertThat(garbage.status()).as("an error would end an EventSource").isEqualTo(200);
            assertThat(garbage.header("parley-resumed")).isEqualTo("false");
        }
    }

    private RawAnswer answer(String path, Map<String, String> headers) throws Exception {
        return RawAnswer.to(here.uri(path + "/events"), headers);
    }

    private static EventsClient follow(ServiceProcess at, Conversation session, String lastEventId)
            throws Exception {
        return EventsClient.of(at.uri(session.path() + "/events"), lastEventId);
    }

    private static ConditionFactory awaiting() {
        return TwoInstances.awaiting();
    }
}
