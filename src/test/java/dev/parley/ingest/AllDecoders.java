package dev.parley.ingest;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.smallrye.config.SmallRyeConfigBuilder;
import jakarta.annotation.Priority;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** The decoders of the service. */
final class AllDecoders {

    private static final Duration ANY = Duration.ofDays(4_000_000);

    private AllDecoders() {}

    /** In the order in which they are asked, which their priorities tell; of events of any time. */
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
        Comparator<EventDecoder> byPriority =
                Comparator.comparingInt(
                        decoder -> decoder.getClass().getAnnotation(Priority.class).value());
        return new EventDecoders(
                Stream.of(
                                new TombstoneDecoder(),
                                new ParleyEventDecoder(),
                                new RasaEventDecoder(),
                                new MantleEventDecoder(),
                                new CloudEventDecoder())
                        .sorted(byPriority.reversed())
                        .toList(),
                new DecodingMetrics(registry),
                config(maxAhead),
                Clock.fixed(PublishedRecord.RECORDED_AT, ZoneOffset.UTC));
    }

    /** One decoder alone. */
    static EventDecoders only(EventDecoder decoder) {
        return new EventDecoders(
                List.of(decoder),
                new DecodingMetrics(new SimpleMeterRegistry()),
                config(ANY),
                Clock.fixed(PublishedRecord.RECORDED_AT, ZoneOffset.UTC));
    }

    static IngestConfig config(Duration maxAhead) {
        return new SmallRyeConfigBuilder()
                .addDiscoveredConverters()
                .withMapping(IngestConfig.class)
                .withDefaultValue("parley.ingest.max-ahead", maxAhead.toString())
                .build()
                .getConfigMapping(IngestConfig.class);
    }
}
