package dev.parley.api;

import io.smallrye.mutiny.Multi;
import java.util.concurrent.Semaphore;

/** Bounds how many streams are open at the same time. */
final class OpenStreams {

    private final Semaphore free;

    OpenStreams(int atMost) {
        free = new Semaphore(atMost);
    }

    /**
     * The same stream, which takes a place from now until it ends, or its client goes.
     *
     * @throws io.quarkiverse.resteasy.problem.HttpProblem if all places are taken
     */
    <T> Multi<T> bounded(Multi<T> stream) {
        if (!free.tryAcquire()) {
            throw Problems.unavailable("Too many streams are open. Try again later.");
        }
        return stream.onTermination().invoke(() -> free.release());
    }
}
