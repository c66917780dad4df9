package dev.parley.ingest.decode;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.Startup;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Set;

/** Counts turns without a time and fields that could not be read, each time they are delivered. */
@Startup // its metrics exist from the start, at zero
@ApplicationScoped
class DecodingMetrics {

    private final MeterRegistry registry;
    private final Counter withoutTime;

    DecodingMetrics(MeterRegistry registry) {
        this.registry = registry;
        withoutTime =
                Counter.builder("parley.turns.without.time")
                        .description("Turns without a time, which use their record's timestamp")
                        .register(registry);
        EventMapper.DETAILS.forEach(this::unread);
    }

    void turnWithoutTime() {
        withoutTime.increment();
    }

    /**
     * @param fields names of Parley's own fields: the names of a sender would create any number of
     *     tags
     */
    void unread(Set<String> fields) {
        fields.forEach(field -> unread(field).increment());
    }

    private Counter unread(String field) {
        return Counter.builder("parley.fields.unread")
                .description(
                        "Fields of events that could not be read and are kept as they were sent")
                .tag("field", field)
                .register(registry);
    }
}
