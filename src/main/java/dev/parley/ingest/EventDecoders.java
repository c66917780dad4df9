package dev.parley.ingest;

import dev.parley.session.SessionEvent;
import io.quarkus.arc.All;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;

/** All formats that are understood, recognised record by record. */
@ApplicationScoped
class EventDecoders {

    private final List<EventDecoder> byPriority;
    private final DecodingMetrics metrics;

    EventDecoders(@All List<EventDecoder> byPriority, DecodingMetrics metrics) {
        this.byPriority = byPriority;
        this.metrics = metrics;
    }

    /**
     * Says what the record means; empty if it is of no interest to a session.
     *
     * @throws UndecodableException if it means nothing; or if a decoder fails otherwise, which is a
     *     defect, but one that would meet the same record each time: set aside it is kept, and
     *     stops nobody
     */
    Optional<SessionEvent> decode(EventRecord received) {
        try {
            Optional<SessionEvent> event = decoded(received);
            event.ifPresent(told -> count(told, received));
            return event;
        } catch (UndecodableException e) {
            throw e;
        } catch (RuntimeException e) {
            throw new UndecodableException("it can't be decoded, a defect of Parley's", e);
        }
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
}
