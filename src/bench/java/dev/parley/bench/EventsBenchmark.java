package dev.parley.bench;

import dev.parley.local.LocalInfrastructureProcess;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * How long a turn takes from its publication to a thousand clients that follow its session, or to
 * the ten of each of a hundred sessions. The service looks at a followed session twice a second, so
 * half a second of it is waiting.
 */
final class EventsBenchmark {

    private static final int MANY = 100;
    private static final int TURNS = 10;

    /** Those of the row before may still be on their way out. */
    private static final Map<String, String> SETTINGS =
            Map.of("parley.api.max-event-streams", "2000");

    private final MeasuredService service;
    private final BacklogTopic topic;
    private final int rounds;

    private EventsBenchmark(MeasuredService service, BacklogTopic topic, int rounds) {
        this.service = service;
        this.topic = topic;
        this.rounds = rounds;
    }

    static List<Row> rows(BenchSettings settings) throws Exception {
        try (BacklogTopic topic = new BacklogTopic();
                MeasuredService service =
                        MeasuredService.startOnTable(
                                "bench-" + UUID.randomUUID(), topic, settings, SETTINGS)) {
            // Nothing can be followed before it is there.
            var _ = new Feed(topic, service).rate(sessions());
            return new EventsBenchmark(service, topic, settings.rounds()).rows();
        }
    }

    private static List<Event> sessions() {
        return Event.conversations(EventFollowers.PREFIX, MANY, 0, 1, 1, Event.ordinary(7))
                .toList();
    }

    private List<Row> rows() throws IOException {
        return List.of(
                row("one", "from publication to each of 1,000 clients (SSE) of one session", 1),
                row(
                        "many",
                        "from publication to the 10 clients of each of %d sessions".formatted(MANY),
                        MANY));
    }

    private Row row(String key, String what, int sessions) throws IOException {
        List<Timing> timings = new ArrayList<>();
        try (LoadProcess followers =
                LoadProcess.start(
                        EventFollowers.class,
                        service.uri("/"),
                        LocalInfrastructureProcess.shared().kafka(),
                        topic.name(),
                        sessions)) {
            followers.measure("" + TURNS);
            for (int round = 0; round < rounds; round++) {
                Duration before = service.cpu();
                Timing sent = followers.measure("" + TURNS);
                Timing told = sent.byCpu(service.cpu().minus(before));
                Progress.say(
                        "%s, %d: %s; CPU for one: service %.0f µs, client %.0f µs",
                        what, round, told, told.cpuMicros(), sent.cpuMicros());
                timings.add(told);
            }
        } catch (IllegalStateException e) {
            throw new IllegalStateException(service.output(), e);
        }
        return ReadsRows.row(
                "events." + key,
                what,
                ReadsRows.figure(timings, Timing::perSecond, "arrivals/s"),
                timings);
    }
}
