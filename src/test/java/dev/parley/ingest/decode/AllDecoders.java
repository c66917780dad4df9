package dev.parley.ingest.decode;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;

/** The decoders of the service. */
public final class AllDecoders {

    private static final Duration ANY = Duration.ofDays(4_000_000);

    private AllDecoders() {}

    /** In the order in which they are asked; of events of any time. */
    static EventDecoders inOrder() {
        return inOrder(ANY);
    }

    static EventDecoders inOrder(MeterRegistry registry) {
        return inOrder(registry, ANY);
    }

    /**
     * The same.
     *
     * @param maxAhead of an event's time to its record's timestamp
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

    /** One decoder alone. */
    public static EventDecoders only(EventDecoder decoder) {
        return new EventDecoders(
                List.of(decoder),
                new DecodingMetrics(new SimpleMeterRegistry()),
                ANY,
                Clock.fixed(PublishedRecord.RECORDED_AT, ZoneOffset.UTC));
    }
}
