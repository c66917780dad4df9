package dev.parley.packaged;

import dev.parley.local.LocalTopics;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Publishes turns at a constant rate, as a platform does, even if the service is slow. */
final class SteadyTurns implements AutoCloseable {

    static final int SESSIONS = 200;

    /** Turns per second. */
    static final int RATE = 200;

    private static final Duration TICK = Duration.ofMillis(100);
    private static final int PER_TICK = (int) (RATE * TICK.toMillis() / 1000);

    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
    private final LocalTopics topics;
    private final Future<?> publishing;
    private final AtomicInteger published = new AtomicInteger();

    SteadyTurns(LocalTopics topics) {
        this.topics = topics;
        publishing =
                clock.scheduleAtFixedRate(this::publish, 0, TICK.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Returns the session of a turn: the turns are distributed evenly over the sessions. */
    static String session(int number) {
        return "s-" + number % SESSIONS;
    }

    /** Returns how many of the published turns belong to that session. */
    static int turnsOf(int session, int published) {
        return published / SESSIONS + (session < published % SESSIONS ? 1 : 0);
    }

    private void publish() {
        List<Map.Entry<String, String>> turns = new ArrayList<>();
        int first = published.get();
        for (int number = first; number < first + PER_TICK; number++) {
            String event =
                    """
                    {"turnId":"t-%d","role":"user","content":"hi","occurredAt":"%s"}"""
                            .formatted(number, Instant.now());
            turns.add(Map.entry(session(number), event));
        }
        topics.publish(turns);
        published.addAndGet(PER_TICK);
    }

    /** Stops and returns the number of published turns. Fails if one could not be published. */
    int stop() throws InterruptedException, ExecutionException {
        publishing.cancel(false);
        clock.close();
        if (publishing.state() == Future.State.FAILED) {
            publishing.get();
        }
        return published.get();
    }

    @Override
    public void close() {
        clock.shutdownNow();
    }
}
