package dev.parley.ingest;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How records are taken in. */
@ConfigMapping(prefix = "parley.ingest")
public interface IngestConfig {

    /**
     * Sessions of one batch that are written at the same time. More get through a backlog faster
     * until the store is the limit; each may hold one connection.
     */
    @WithDefault("16")
    int concurrency();

    /**
     * The share of the heap that records may take which have been read and not settled yet, by
     * their uncompressed bytes. What a poll can't hold within it is read a second time, which costs
     * a fetch; what is being decoded and planned comes on top, a multiple of its own bytes.
     */
    @WithDefault("0.125")
    double heapShare();

    /**
     * The first pause after the store or the dead-letter topic failed; each further one doubles.
     */
    @WithDefault("200ms")
    Duration retryFirst();

    /** The longest such pause. Tries go on without end: nothing is dropped meanwhile. */
    @WithDefault("10s")
    Duration retryLongest();

    /**
     * How long the end of the service waits until the batch in flight is settled; with the leaving
     * of the group after it, it must fit into the time that Kubernetes gives a pod to end.
     */
    @WithDefault("15s")
    Duration drainTimeout();

    /**
     * How far an event's own time may be ahead of its record's timestamp, and how far a session's
     * end may be behind its last turn: clocks of a platform's parts differ. What is further ahead
     * is set aside, since its session would be frozen until that time comes: whose it is, whether
     * it has ended, and its erasure go by the newest event. Shorter takes less from a clock that is
     * fast; longer lets it do more harm.
     */
    @WithDefault("10m")
    Duration maxAhead();
}
