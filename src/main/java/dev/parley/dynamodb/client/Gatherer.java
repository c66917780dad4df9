package dev.parley.dynamodb.client;

import io.smallrye.mutiny.Uni;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Gathers what callers want to send, while a number of requests is in flight. Whenever there are
 * fewer, the next request is sent at once, with as much as it may carry of what waits. So there is
 * no delay: a caller alone is served immediately, and with more load the requests become fuller
 * instead of more.
 *
 * @param <W> what one caller waits for
 * @param <B> what one request carries
 */
final class Gatherer<W, B> {

    private final int limit;
    private final Function<Deque<W>, B> next;
    private final Function<B, Uni<Void>> send;
    private final Deque<W> waiting = new ArrayDeque<>();
    private final AtomicInteger changes = new AtomicInteger();
    private int inFlight;

    /**
     * @param limit how many requests are in flight at most
     * @param next removes from those that wait what the next request carries
     * @param send sends one request, and handles its response or its failure
     */
    Gatherer(int limit, Function<Deque<W>, B> next, Function<B, Uni<Void>> send) {
        this.limit = limit;
        this.next = next;
        this.send = send;
    }

    void add(W caller) {
        synchronized (waiting) {
            waiting.add(caller);
        }
        sendWhatMayBeSent();
    }

    int waiting() {
        synchronized (waiting) {
            return waiting.size();
        }
    }

    /** Only one thread sends at a time: a response that arrives meanwhile only adds a change. */
    private void sendWhatMayBeSent() {
        if (changes.getAndIncrement() != 0) {
            return;
        }
        int seen = 1;
        while (seen != 0) {
            for (B batch = take(); batch != null; batch = take()) {
                send.apply(batch).subscribe().with(done -> over(), failure -> over());
            }
            seen = changes.addAndGet(-seen);
        }
    }

    private @Nullable B take() {
        synchronized (waiting) {
            if (inFlight >= limit || waiting.isEmpty()) {
                return null;
            }
            inFlight++;
            return next.apply(waiting);
        }
    }

    private void over() {
        synchronized (waiting) {
            inFlight--;
        }
        sendWhatMayBeSent();
    }
}
