package dev.parley.bench;

import dev.parley.local.LocalInfrastructureProcess;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Measures how long a turn takes from its publication to a thousand clients that follow its
 * session, or to the ten clients of each session if a hundred sessions are followed. The service
 * polls a followed session twice a second, so that up to half a second of the latency is waiting.
 */
final class EventsBenchmark {

    private static final int SESSIONS = 100;
    private static final int TURNS = 10;

    /** Twice as many as needed, because streams of the previous row may still be open. */
    private static final Map<String, String> SERVICE_SETTINGS =
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
                                "bench-" + UUID.randomUUID(), topic, settings, SERVICE_SETTINGS)) {
            // A session can be followed only after it exists.
            var _ = new BacklogFeeder(topic, service).measure(sessions());
            return new EventsBenchmark(service, topic, settings.rounds()).rows();
        }
    }

    private static List<Event> sessions() {
        return Event.conversations(EventFollowers.PREFIX, SESSIONS, 0, 1, 1, Event.ordinary(7))
                .toList();
    }

    private List<Row> rows() throws IOException {
        return List.of(
                row(
                        "one",
                        "from the publication of a turn to each of 1,000 clients that follow its session (SSE)",
                        1),
                row(
                        "many",
                        "from the publication of a turn to each of the 10 clients that follow its session, with %d sessions"
                                .formatted(SESSIONS),
                        SESSIONS));
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
                Timing byClient = followers.measure("" + TURNS);
                Timing byService = byClient.withCpu(service.cpu().minus(before));
                Progress.print(
                        "%s, %d: %s; CPU per arrival: service %.0f µs, client %.0f µs",
                        what, round, byService, byService.cpuMicros(), byClient.cpuMicros());
                timings.add(byService);
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
