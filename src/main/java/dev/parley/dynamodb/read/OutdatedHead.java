package dev.parley.dynamodb.read;

import dev.parley.dynamodb.layout.VisibleHead;
import java.util.Optional;

/**
 * Reports that the head in use refers to pages that are gone. The session has other pages by now,
 * or is gone itself. The exception never leaves the reader, which continues with the current head.
 */
public final class OutdatedHead extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final transient Optional<VisibleHead> now;

    /**
     * Creates the exception, without a stack trace.
     *
     * @param now the current head; empty if there is no session any more
     */
    OutdatedHead(Optional<VisibleHead> now) {
        super(null, null, false, false);
        this.now = now;
    }

    public Optional<VisibleHead> current() {
        return now;
    }
}
