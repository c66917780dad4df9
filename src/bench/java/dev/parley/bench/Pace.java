package dev.parley.bench;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * When each request of a load is due: as soon as someone is free to send it (a closed loop), or at
 * an even rate (an open one). There a latency counts from the time that the request was due, so
 * that what had to wait because others were slow is slow too, instead of being left out.
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

    /** So many requests, as fast as they are answered. */
    static Pace of(int count) {
        return new Pace(Duration.ofDays(1).toNanos(), count, 0);
    }

    /**
     * For so long.
     *
     * @param perSecond 0 for as fast as they are answered
     */
    static Pace of(Duration time, double perSecond) {
        return new Pace(time.toNanos(), Integer.MAX_VALUE, perSecond);
    }

    /** The number of the next request. */
    int next() {
        return next.getAndIncrement();
    }

    /** When it is due, by {@link System#nanoTime}; asked by who is free to send it. */
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
