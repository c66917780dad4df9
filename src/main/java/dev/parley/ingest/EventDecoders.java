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

    EventDecoders(@All List<EventDecoder> byPriority) {
        this.byPriority = byPriority;
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
            return decoded(received);
        } catch (UndecodableException e) {
            throw e;
        } catch (RuntimeException e) {
            throw new UndecodableException("it can't be decoded, a defect of Parley's", e);
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
