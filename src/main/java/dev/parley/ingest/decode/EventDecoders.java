package dev.parley.ingest.decode;

import dev.parley.session.SessionEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * All formats that are understood, recognised record by record; and what is asked of an event of
 * any format.
 */
@ApplicationScoped
public class EventDecoders {

    /**
     * In the order in which they are asked; the first that recognises a record decodes it. To add a
     * format, add its decoder here.
     */
    static final List<EventDecoder> IN_ORDER =
            List.of(
                    // Before tombstones: an event without data has no value in binary mode.
                    new CloudEventDecoder(),
                    new TombstoneDecoder(),
                    new RasaEventDecoder(),
                    new MantleEventDecoder(),
                    // It takes all that no other recognises.
                    new ParleyEventDecoder());

    private final List<EventDecoder> decoders;
    private final DecodingMetrics metrics;
    private final Duration maxAhead;
    private final Clock clock;

    @Inject
    EventDecoders(
            DecodingMetrics metrics,
            @ConfigProperty(name = "parley.ingest.max-ahead") Duration maxAhead,
            Clock clock) {
        this(IN_ORDER, metrics, maxAhead, clock);
    }

    EventDecoders(
            List<EventDecoder> decoders, DecodingMetrics metrics, Duration maxAhead, Clock clock) {
        this.decoders = decoders;
        this.metrics = metrics;
        this.maxAhead = maxAhead;
        this.clock = clock;
    }

    /**
     * Says what the record means; empty if it is of no interest to a session.
     *
     * @throws UndecodableException if it means nothing, or what has yet to happen
     */
    public Optional<SessionEvent> decode(EventRecord received) {
        Optional<SessionEvent> event = decoded(received);
        event.ifPresent(each -> requireHappened(each, received));
        event.ifPresent(told -> count(told, received));
        return event;
    }

    private void count(SessionEvent event, EventRecord received) {
        metrics.unread(received.unread().names());
        if (event instanceof SessionEvent.TurnRecorded && received.gaveTheTime()) {
            metrics.turnWithoutTime();
        }
    }

    private Optional<SessionEvent> decoded(EventRecord received) {
        for (EventDecoder decoder : decoders) {
            if (decoder.recognises(received)) {
                return decoder.decode(received);
            }
        }
        throw new UndecodableException("of no format that is understood");
    }

    /**
     * An event is published after it has happened, by clocks that may differ a little. One that
     * goes by its record's timestamp, as a tombstone does, always is.
     */
    private void requireHappened(SessionEvent event, EventRecord received) {
        Instant published = received.publishedAt().orElseGet(clock::instant);
        Duration ahead = Duration.between(published, event.occurredAt());
        if (ahead.compareTo(maxAhead) > 0) {
            throw new UndecodableException(
                    "its time is more than %d s after its record's timestamp"
                                    .formatted(maxAhead.toSeconds())
                            + " (parley.ingest.max-ahead)");
        }
    }
}
