package dev.parley.bench;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Decides when each request of a load is due: as soon as a sender is free (a closed loop), or at an
 * even rate (an open loop). In an open loop, a latency counts from the time when the request was
 * due, so that it includes the time for which the request waited for earlier, slow ones.
 */
final class Pace {

    private final long start = System.nanoTime();
    private final long end;
    private final int count;
    private final long betweenNanos;
    private final AtomicInteger next = new AtomicInteger();

    private Pace(long nanos, int count, double perSecond) {
        this.end = start + nanos;
        this.count = count;
        this.betweenNanos = perSecond == 0 ? 0 : (long) (1e9 / perSecond);
    }

    /** A number of requests, each sent as soon as a sender is free. */
    static Pace of(int count) {
        return new Pace(Duration.ofDays(1).toNanos(), count, 0);
    }

    /**
     * Requests for the given time.
     *
     * @param perSecond the rate; 0 to send each request as soon as a sender is free
     */
    static Pace of(Duration time, double perSecond) {
        return new Pace(time.toNanos(), Integer.MAX_VALUE, perSecond);
    }

    /** Returns the number of the next request. */
    int next() {
        return next.getAndIncrement();
    }

    /** Returns when the request is due, in {@link System#nanoTime}. Free senders call this. */
    long due(int number) {
        return betweenNanos == 0 ? System.nanoTime() : start + number * betweenNanos;
    }

    boolean isOver(int number, long due) {
        return number >= count || due >= end;
    }

    double seconds() {
        return (System.nanoTime() - start) / 1e9;
    }
}
