package dev.parley.bench;

import static dev.parley.support.Timeouts.TIMEOUT;

import dev.parley.bench.MeasuredService.Rate;
import dev.parley.bench.MeasuredService.Sample;
import java.time.Duration;
import java.util.List;

/** Publishes backlogs one after the other, and measures how fast the service processes each. */
final class BacklogFeeder {

    /** The parts at the beginning and at the end of a backlog that are not measured. */
    private static final double EDGE = 0.1;

    private static final int MIN_WARM_UP_BACKLOGS = 4;

    private final BacklogTopic topic;
    private final MeasuredService service;
    private long published;
    private int backlogs;

    BacklogFeeder(BacklogTopic topic, MeasuredService service) {
        this(topic, service, 0);
    }

    /**
     * @param published the number of events that were published, and processed, before
     */
    BacklogFeeder(BacklogTopic topic, MeasuredService service, long published) {
        this.topic = topic;
        this.service = service;
        this.published = published;
    }

    /**
     * Returns whether the service has used the given CPU time. At least a few backlogs are needed
     * as well, so that the other processes warm up too.
     */
    boolean isWarm(Duration warmUp) {
        return backlogs >= MIN_WARM_UP_BACKLOGS && service.cpu().compareTo(warmUp) >= 0;
    }

    /**
     * Publishes the events, and measures the rate at which the service processes them after that.
     */
    Rate measure(List<Event> events) throws InterruptedException {
        topic.publish(events.stream());
        backlogs++;
        long before = published;
        published += events.size();
        List<Sample> samples = service.awaitSettled(published, TIMEOUT);
        Sample from = first(samples, before + (long) (events.size() * EDGE));
        Sample to = first(samples, published - (long) (events.size() * EDGE));
        if (from.equals(to)) {
            throw new IllegalStateException("too few events to measure a rate: " + events.size());
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
