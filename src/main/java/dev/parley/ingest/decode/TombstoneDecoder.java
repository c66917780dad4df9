package dev.parley.ingest.decode;

import dev.parley.session.SessionEvent;
import dev.parley.session.SessionEvent.SessionDeleted;
import dev.parley.session.SessionId;
import java.util.Optional;

/** Kafka's own way to say that a key's data must go: a record without a value. */
final class TombstoneDecoder implements EventDecoder {

    @Override
    public boolean recognises(EventRecord received) {
        return !received.hasValue();
    }

    @Override
    public Optional<SessionEvent> decode(EventRecord received) {
        String sessionId =
                received.key()
                        .filter(key -> SessionId.problemWith(key).isEmpty())
                        .orElseThrow(
                                () ->
                                        new UndecodableException(
                                                "no value, and no session id as its key"));
        return Optional.of(new SessionDeleted(sessionId, received.timestamp()));
    }
}
