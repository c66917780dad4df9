package dev.parley.ingest.decode;

import dev.parley.session.SessionEvent;
import java.util.Optional;

/** Decodes one format of records. {@link EventDecoders#IN_ORDER} lists all decoders. */
public interface EventDecoder {

    /**
     * Returns whether the record is of this format, whether it is valid or not.
     *
     * @throws UndecodableException if no decoder that comes after this one could decode the record
     *     either
     */
    boolean recognises(EventRecord received);

    /**
     * Decodes the record; returns empty if it does not affect a session.
     *
     * @throws UndecodableException if the record is not a valid event
     */
    Optional<SessionEvent> decode(EventRecord received);
}
