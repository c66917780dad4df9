package dev.parley.support;

import java.time.Duration;

/** The time that tests wait for a condition. */
public final class Timeouts {

    /**
     * The time after which a test that waits for a condition fails. It is long, because it passes
     * only if the test fails: a busy machine must not make a correct test fail.
     */
    public static final Duration TIMEOUT = Duration.ofMinutes(3);

    private Timeouts() {}
}
