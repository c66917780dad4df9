package dev.parley.bench;

import dev.parley.bench.MeasuredService.Rate;
import dev.parley.bench.MeasuredService.Sample;
import java.time.Duration;
import java.util.List;

/** Gives a service backlogs to get through, one after the other, and tells how fast it did. */
final class Feed {

    private static final Duration PATIENCE = Duration.ofMinutes(3);

    /** The beginning and the end of a backlog are not like what is between. */
    private static final double EDGE = 0.1;

    private static final int WARM_UP_BACKLOGS = 4;

    private final BacklogTopic topic;
    private final MeasuredService service;
    private long published;
    private int backlogs;

    Feed(BacklogTopic topic, MeasuredService service) {
        this.topic = topic;
        this.service = service;
    }

    /**
     * Whether the service has run for so long, by the CPU time that it has used, and the other
     * processes have had a few backlogs to warm up with too.
     */
    boolean isWarm(Duration warmUp) {
        return backlogs >= WARM_UP_BACKLOGS && service.cpu().compareTo(warmUp) >= 0;
    }

    /** The rate at which the service gets through the events, once they all are published. */
    Rate rate(List<Event> events) throws InterruptedException {
        topic.publish(events.stream());
        backlogs++;
        long before = published;
        published += events.size();
        List<Sample> samples = service.awaitSettled(published, PATIENCE);
        Sample from = first(samples, before + (long) (events.size() * EDGE));
        Sample to = first(samples, published - (long) (events.size() * EDGE));
        if (from.equals(to)) {
            throw new IllegalStateException("too few events to tell a rate: " + events.size());
        }
        return to.since(from);
    }

    private static Sample first(List<Sample> samples, long settled) {
        return samples.stream()
                .filter(sample -> sample.settled() >= settled)
                .findFirst()
                .orElseThrow();
    }
}
