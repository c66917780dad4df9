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
     * The same stream, which takes a place when it begins, until it ends or its client goes. It
     * fails with {@link TooManyException} if all places are taken. What is never begun, such as the
     * body of an answer to HEAD, takes none.
     */
    <T> Multi<T> bounded(Multi<T> stream) {
        return Multi.createFrom()
                .deferred(
                        () ->
                                free.tryAcquire()
                                        ? stream.onTermination().invoke(() -> free.release())
                                        : Multi.createFrom().failure(TooManyException::new));
    }

    /** What is open is enough to do. */
    static final class TooManyException extends RuntimeException {
        private static final long serialVersionUID = 1;

        TooManyException() {
            super("too many streams are open", null, false, false);
        }
    }
}
