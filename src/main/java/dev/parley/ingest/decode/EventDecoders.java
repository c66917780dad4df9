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
 * Decodes records of all supported formats. It recognises the format of each record, and verifies
 * what is required of an event of any format.
 */
@ApplicationScoped
public class EventDecoders {

    /**
     * All decoders, in the order in which they are tried. The first one that recognises a record
     * decodes it. To add a format, add its decoder here.
     */
    static final List<EventDecoder> IN_ORDER =
            List.of(
                    // Before tombstones: a CloudEvent without data has no value in binary mode.
                    new CloudEventDecoder(),
                    new TombstoneDecoder(),
                    new RasaEventDecoder(),
                    new MantleEventDecoder(),
                    // Last: it recognises every record.
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
     * Decodes the record; returns empty if it does not affect a session.
     *
     * @throws UndecodableException if the record is not a valid event, or if its time is more than
     *     {@code parley.ingest.max-ahead} after its publication
     */
    public Optional<SessionEvent> decode(EventRecord received) {
        Optional<SessionEvent> event = decodeFirst(received);
        event.ifPresent(each -> requireNotAhead(each, received));
        event.ifPresent(each -> count(each, received));
        return event;
    }

    private void count(SessionEvent event, EventRecord received) {
        metrics.unread(received.unread().names());
        if (event instanceof SessionEvent.TurnRecorded && received.usedTimestamp()) {
            metrics.turnWithoutTime();
        }
    }

    private Optional<SessionEvent> decodeFirst(EventRecord received) {
        for (EventDecoder decoder : decoders) {
            if (decoder.recognises(received)) {
                return decoder.decode(received);
            }
        }
        throw new UndecodableException("no decoder recognises its format");
    }

    /**
     * Refuses an event whose time is too far after its publication. An event is published after it
     * has happened, but clocks may differ a little. An event that takes its record's timestamp as
     * its time, as a tombstone does, always passes.
     */
    private void requireNotAhead(SessionEvent event, EventRecord received) {
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
