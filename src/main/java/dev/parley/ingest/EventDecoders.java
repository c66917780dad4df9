package dev.parley.ingest;

import dev.parley.session.SessionEvent;
import io.quarkus.arc.All;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * All formats that are understood, recognised record by record; and what is asked of an event of
 * any format.
 */
@ApplicationScoped
class EventDecoders {

    private final List<EventDecoder> byPriority;
    private final DecodingMetrics metrics;
    private final IngestConfig config;
    private final Clock clock;

    EventDecoders(
            @All List<EventDecoder> byPriority,
            DecodingMetrics metrics,
            IngestConfig config,
            Clock clock) {
        this.byPriority = byPriority;
        this.metrics = metrics;
        this.config = config;
        this.clock = clock;
    }

    /**
     * Says what the record means; empty if it is of no interest to a session.
     *
     * @throws UndecodableException if it means nothing, or what has yet to happen
     */
    Optional<SessionEvent> decode(EventRecord received) {
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
        for (EventDecoder decoder : byPriority) {
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
        if (ahead.compareTo(config.maxAhead()) > 0) {
            throw new UndecodableException(
                    "its time is more than %d s after its record's timestamp"
                                    .formatted(config.maxAhead().toSeconds())
                            + " (parley.ingest.max-ahead)");
        }
    }
}
