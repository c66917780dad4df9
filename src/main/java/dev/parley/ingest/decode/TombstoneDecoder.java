package dev.parley.ingest.decode;

import dev.parley.session.SessionEvent;
import dev.parley.session.SessionEvent.SessionDeleted;
import dev.parley.session.SessionId;
import java.util.Optional;

/** Decodes a tombstone: a record without a value, which in Kafka deletes the data of its key. */
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
