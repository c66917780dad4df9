package dev.parley.bench;

import dev.parley.local.LocalInfrastructureProcess;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * How long a turn takes from its publication to a thousand clients that follow its session, or to
 * the ten of each of a hundred sessions. The service looks at a followed session twice a second, so
 * half a second of it is waiting.
 */
final class EventsRows {

    private static final int MANY = 100;
    private static final int TURNS = 50;

    private final MeasuredService service;
    private final BacklogTopic topic;
    private final int rounds;

    EventsRows(MeasuredService service, BacklogTopic topic, int rounds) {
        this.service = service;
        this.topic = topic;
        this.rounds = rounds;
    }

    /** Sessions to follow, which must be published first: nothing can be followed before. */
    static Stream<Event> events() {
        return Event.conversations(EventFollowers.PREFIX, MANY, 0, 1, 1, Event.ordinary(7));
    }

    List<Row> rows() throws IOException {
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
        }
        return ReadsRows.row(
                "reads.events." + key,
                what,
                ReadsRows.figure(timings, Timing::perSecond, "arrivals/s"),
                timings);
    }
}
