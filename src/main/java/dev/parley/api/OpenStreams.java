package dev.parley.api;

import io.quarkiverse.resteasy.problem.HttpProblem;
import io.smallrye.mutiny.Multi;
import java.util.concurrent.Semaphore;

/** Bounds how many streams are open at the same time. */
final class OpenStreams {

    private final Semaphore free;

    OpenStreams(int atMost) {
        free = new Semaphore(atMost);
    }

    /**
     * The same stream, which takes a place while somebody listens. It isn't taken earlier, since a
     * client may be gone before that, and nobody would give it back.
     *
     * @throws HttpProblem if all places are taken; if they are only when somebody listens, the
     *     stream fails with it
     */
    <T> Multi<T> bounded(Multi<T> stream) {
        if (free.availablePermits() == 0) {
            throw full();
        }
        return Multi.createFrom()
                .deferred(
                        () ->
                                free.tryAcquire()
                                        ? stream.onTermination().invoke(() -> free.release())
                                        : Multi.createFrom().failure(full()));
    }

    private static HttpProblem full() {
        return Problems.unavailable("Too many streams are open. Try again later.");
    }
}
