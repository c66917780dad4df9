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
     * @throws UndecodableException if it means nothing
     */
    Optional<SessionEvent> decode(EventRecord received) {
        for (EventDecoder decoder : byPriority) {
            if (decoder.recognises(received)) {
                return decoder.decode(received);
            }
        }
        throw new UndecodableException("of no format that is understood");
    }
}
