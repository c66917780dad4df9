package dev.parley.api.stream;

import dev.parley.api.problem.BusyException;
import io.smallrye.mutiny.Multi;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Bounds how many streams are open at the same time, and gives each caller a share: no more than
 * are left for others. One caller alone can have half of all, the next one a quarter, and so on;
 * whoever comes new finds a place as long as there is one.
 */
public final class OpenStreams {

    private static final String ALL_TAKEN = "Too many streams are open. Try again later.";
    private static final String SHARE_TAKEN =
            "You have too many streams open: as many as are left for others. Close one, or try again"
                    + " later.";

    private final Map<String, Integer> byCaller = new HashMap<>();
    private int free;

    public OpenStreams(int atMost) {
        free = atMost;
    }

    /**
     * The same stream, which takes a place when it begins, until it ends or its client goes. It
     * fails with {@link BusyException} if all places, or all of the caller's, are taken. What is
     * never begun, such as the body of an answer to HEAD, takes none.
     *
     * @param caller empty if nobody can tell who it is; then there are no shares
     */
    public <T> Multi<T> bounded(Multi<T> stream, Optional<String> caller) {
        return Multi.createFrom()
                .deferred(
                        () -> {
                            String refusal = take(caller);
                            return refusal == null
                                    ? stream.onTermination().invoke(() -> giveBack(caller))
                                    : Multi.createFrom().failure(() -> new BusyException(refusal));
                        });
    }

    /** Why there is no place; null if one was taken. */
    private synchronized @Nullable String take(Optional<String> caller) {
        if (free == 0) {
            return ALL_TAKEN;
        }
        if (caller.isPresent() && byCaller.getOrDefault(caller.get(), 0) >= free) {
            return SHARE_TAKEN;
        }
        free--;
        caller.ifPresent(name -> byCaller.merge(name, 1, Integer::sum));
        return null;
    }

    private synchronized void giveBack(Optional<String> caller) {
        free++;
        caller.ifPresent(
                name ->
                        byCaller.computeIfPresent(
                                name, (same, open) -> open == 1 ? null : open - 1));
    }
}
