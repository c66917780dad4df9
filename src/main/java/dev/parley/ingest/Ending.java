package dev.parley.ingest;

import jakarta.enterprise.context.ApplicationScoped;

/** Whether the service is ending: nothing is begun then, and what fails is no defect. */
@ApplicationScoped
class Ending {

    private volatile boolean begun;

    void begin() {
        begun = true;
    }

    boolean hasBegun() {
        return begun;
    }
}
