package dev.parley.ingest.decode;

import dev.parley.session.SessionEvent;
import java.util.Optional;

/** One format of records; {@link EventDecoders#IN_ORDER} has them all. */
public interface EventDecoder {

    /**
     * Whether the record is of this format, right or wrong.
     *
     * @throws UndecodableException if no format that has yet to be asked could take it either
     */
    boolean recognises(EventRecord received);

    /**
     * Says what the record means; empty if it is of no interest to a session.
     *
     * @throws UndecodableException if it means nothing
     */
    Optional<SessionEvent> decode(EventRecord received);
}
