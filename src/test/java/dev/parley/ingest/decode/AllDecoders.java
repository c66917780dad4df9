package dev.parley.ingest.decode;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;

/** Creates the decoders of the service for tests. */
public final class AllDecoders {

    private static final Duration ANY_TIME = Duration.ofDays(4_000_000);

    private AllDecoders() {}

    /**
     * Returns all decoders in the order in which they are tried. They accept events of any time.
     */
    static EventDecoders inOrder() {
        return inOrder(ANY_TIME);
    }

    static EventDecoders inOrder(MeterRegistry registry) {
        return inOrder(registry, ANY_TIME);
    }

    /**
     * Returns all decoders.
     *
     * @param maxAhead how far an event's time may be after its record's timestamp
     */
    static EventDecoders inOrder(Duration maxAhead) {
        return inOrder(new SimpleMeterRegistry(), maxAhead);
    }

    private static EventDecoders inOrder(MeterRegistry registry, Duration maxAhead) {
        return new EventDecoders(
                EventDecoders.IN_ORDER,
                new DecodingMetrics(registry),
                maxAhead,
                Clock.fixed(PublishedRecord.RECORDED_AT, ZoneOffset.UTC));
    }

    /** Returns a single decoder. */
    public static EventDecoders only(EventDecoder decoder) {
        return new EventDecoders(
                List.of(decoder),
                new DecodingMetrics(new SimpleMeterRegistry()),
                ANY_TIME,
                Clock.fixed(PublishedRecord.RECORDED_AT, ZoneOffset.UTC));
    }
}
