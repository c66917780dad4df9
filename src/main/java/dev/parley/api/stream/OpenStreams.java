package dev.parley.api.stream;

import dev.parley.api.problem.BusyException;
import io.smallrye.mutiny.Multi;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Limits how many streams are open at the same time, and gives each caller a share: as many streams
 * as are left for others. One caller alone can have half of all streams, the next one a quarter,
 * and so on. So a new caller gets a stream as long as one is free.
 */
public final class OpenStreams {

    private static final String ALL_TAKEN = "Too many streams are open. Try again later.";
    private static final String SHARE_TAKEN =
            "You have too many streams open: as many as are left for other callers. Close one,"
                    + " or try again later.";

    private final Map<String, Integer> openByCaller = new HashMap<>();
    private int free;

    public OpenStreams(int atMost) {
        free = atMost;
    }

    /**
     * Returns the same stream. It takes a place when it begins, and frees the place when it ends or
     * its client leaves. It fails with {@link BusyException} if all places, or all of the caller's,
     * are taken. A stream that never begins, such as the body of a response to HEAD, takes no
     * place.
     *
     * @param caller the name of the caller; empty if it is unknown, and then there are no shares
     */
    public <T> Multi<T> bounded(Multi<T> stream, Optional<String> caller) {
        return Multi.createFrom()
                .deferred(
                        () -> {
                            String refusal = acquire(caller);
                            return refusal == null
                                    ? stream.onTermination().invoke(() -> release(caller))
                                    : Multi.createFrom().failure(() -> new BusyException(refusal));
                        });
    }

    /** Takes a place. Returns why there is none; null if one was taken. */
    private synchronized @Nullable String acquire(Optional<String> caller) {
        if (free == 0) {
            return ALL_TAKEN;
        }
        if (caller.isPresent() && openByCaller.getOrDefault(caller.get(), 0) >= free) {
            return SHARE_TAKEN;
        }
        free--;
        caller.ifPresent(name -> openByCaller.merge(name, 1, Integer::sum));
        return null;
    }

    private synchronized void release(Optional<String> caller) {
        free++;
        caller.ifPresent(
                name ->
                        openByCaller.computeIfPresent(
                                name, (same, count) -> count == 1 ? null : count - 1));
    }
}
