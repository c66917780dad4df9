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
     * fails with {@link BusyException} if all places are taken. What is never begun, such as the
     * body of an answer to HEAD, takes none.
     */
    <T> Multi<T> bounded(Multi<T> stream) {
        return Multi.createFrom()
                .deferred(
                        () ->
                                free.tryAcquire()
                                        ? stream.onTermination().invoke(() -> free.release())
                                        : Multi.createFrom()
                                                .failure(
                                                        () ->
                                                                new BusyException(
                                                                        "Too many streams are open. Try again later.")));
    }
}
