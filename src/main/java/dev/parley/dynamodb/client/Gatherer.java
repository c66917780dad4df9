package dev.parley.dynamodb.client;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Gathers what callers want to send, while a number of requests is in flight. Whenever there are
 * fewer, the next request is sent at once, with as much as it may carry of what waits. So no timer
 * delays a caller: one alone is served immediately, and with more load the requests become fuller
 * instead of more.
 *
 * <p>A request that takes long counts no longer, so that it doesn't hold up others.
 *
 * @param <W> what one caller waits for
 * @param <B> what one request carries
 */
final class Gatherer<W, B> {

    /**
     * How long a request counts. DynamoDB usually answers within 10 ms; a request with a retry of
     * the SDK takes longer than this.
     */
    private static final Duration SLOW = Duration.ofMillis(50);

    /** The number of slow requests that may be in flight in addition. */
    private static final int MAX_SLOW = 8;

    /** A request in flight. */
    private static final class Flight {
        private final long start = System.nanoTime();
        private boolean slow;
    }

    private final IntSupplier limit;
    private final Duration slow;
    private final Function<Deque<W>, B> next;
    private final Function<B, Uni<Void>> send;
    private final Deque<W> waiting = new ArrayDeque<>();
    private final Set<Flight> flights = new HashSet<>();
    private final AtomicInteger changes = new AtomicInteger();
    private int counted;
    private boolean checkIsDue;

    /**
     * @param limit how many requests are in flight at most, apart from slow ones
     * @param next removes from those that wait what the next request carries
     * @param send sends one request, and handles its response or its failure
     */
    Gatherer(IntSupplier limit, Function<Deque<W>, B> next, Function<B, Uni<Void>> send) {
        this(limit, SLOW, next, send);
    }

    Gatherer(
            IntSupplier limit,
            Duration slow,
            Function<Deque<W>, B> next,
            Function<B, Uni<Void>> send) {
        if (limit.getAsInt() < 1) {
            throw new IllegalArgumentException(
                    "the number of requests in flight has to be at least 1");
        }
        this.limit = limit;
        this.slow = slow;
        this.next = next;
        this.send = send;
    }

    /**
     * Adds a caller, and sends what may be sent: at once, or, if the caller runs on an event loop,
     * when the loop has handled everything that had arrived by then. So callers that arrive
     * together share a request even while none is in flight.
     */
    void add(W caller) {
        synchronized (waiting) {
            waiting.add(caller);
        }
        Requests.currentContext().execute(this::sendWhatMayBeSent);
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
            while (sendNext()) {}
            seen = changes.addAndGet(-seen);
        }
    }

    private boolean sendNext() {
        Flight flight = new Flight();
        B batch = take(flight);
        if (batch == null) {
            return false;
        }
        Uni.createFrom()
                .deferred(() -> send.apply(batch))
                .subscribe()
                .with(done -> over(flight), failure -> over(flight));
        return true;
    }

    private @Nullable B take(Flight flight) {
        synchronized (waiting) {
            if (waiting.isEmpty()) {
                return null;
            }
            if (counted >= limit.getAsInt()) {
                checkLater();
                return null;
            }
            counted++;
            flights.add(flight);
            return next.apply(waiting);
        }
    }

    private void over(Flight flight) {
        synchronized (waiting) {
            flights.remove(flight);
            counted -= flight.slow ? 0 : 1;
        }
        sendWhatMayBeSent();
    }

    private void checkLater() {
        if (!checkIsDue) {
            var _ =
                    Infrastructure.getDefaultWorkerPool()
                            .schedule(this::check, slow.toMillis(), TimeUnit.MILLISECONDS);
            checkIsDue = true;
        }
    }

    /** Finds slow requests, and sends others in their place. */
    private void check() {
        synchronized (waiting) {
            checkIsDue = false;
            long now = System.nanoTime();
            for (Flight flight : flights) {
                boolean mayBeAdded = flights.size() - counted < MAX_SLOW;
                if (!flight.slow && mayBeAdded && now - flight.start >= slow.toNanos()) {
                    flight.slow = true;
                    counted--;
                }
            }
        }
        sendWhatMayBeSent();
    }
}
