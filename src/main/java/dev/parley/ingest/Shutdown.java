package dev.parley.ingest;

import jakarta.enterprise.context.ApplicationScoped;

/**
 * Whether the service is shutting down. Then no further batch starts, and a failed write is not a
 * defect.
 */
@ApplicationScoped
class Shutdown {

    private volatile boolean begun;

    void begin() {
        begun = true;
    }

    boolean hasBegun() {
        return begun;
    }
}
