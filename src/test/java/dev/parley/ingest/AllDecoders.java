package dev.parley.ingest;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import jakarta.annotation.Priority;
import java.util.Comparator;
import java.util.stream.Stream;

/** The decoders of the service. */
final class AllDecoders {

    private AllDecoders() {}

    /** In the order in which they are asked, which their priorities tell. */
    static EventDecoders inOrder() {
        return inOrder(new SimpleMeterRegistry());
    }

    static EventDecoders inOrder(MeterRegistry registry) {
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
                new DecodingMetrics(registry));
    }
}
