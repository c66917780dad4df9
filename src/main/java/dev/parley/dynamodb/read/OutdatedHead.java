package dev.parley.dynamodb.read;

import dev.parley.dynamodb.layout.VisibleHead;
import java.util.Optional;

/**
 * Pages are gone that the head in hand refers to: the session has other ones by now, or is gone
 * itself. It never leaves the reader, which goes on from the head as it is now.
 */
public final class OutdatedHead extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final transient Optional<VisibleHead> now;

    /**
     * @param now the head as it is now; empty if there is no session any more
     */
    OutdatedHead(Optional<VisibleHead> now) {
        super(null, null, false, false);
        this.now = now;
    }

    public Optional<VisibleHead> now() {
        return now;
    }
}
