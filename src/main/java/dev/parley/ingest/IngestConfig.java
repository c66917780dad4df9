package dev.parley.ingest;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** Settings of ingestion. */
@ConfigMapping(prefix = "parley.ingest")
public interface IngestConfig {

    /**
     * How many sessions of one batch are written at the same time. A higher number processes a
     * backlog faster, until the store is the limit. Each session may use one connection.
     */
    @WithDefault("16")
    int concurrency();

    /**
     * The share of the heap, as a fraction, for records that are read but not settled yet, by their
     * uncompressed bytes. Records of a poll that exceed this share are read a second time, which
     * costs a fetch. Records that are being decoded and planned take a multiple of their own bytes
     * on top of it.
     */
    @WithDefault("0.125")
    double heapShare();

    /**
     * The first pause after the store or the dead-letter topic failed. Each further pause is twice
     * as long.
     */
    @WithDefault("200ms")
    Duration retryFirst();

    /**
     * The longest pause between two attempts. The attempts continue without end, and no record is
     * dropped meanwhile.
     */
    @WithDefault("10s")
    Duration retryLongest();

    /**
     * How long a shutdown waits until the batch in flight is settled. This time, and the time to
     * leave the group after it, must fit into the termination grace period that Kubernetes gives a
     * pod.
     */
    @WithDefault("15s")
    Duration drainTimeout();

    /**
     * How far an event's own time may be after its record's timestamp, and how far a session's end
     * may be before its last turn. The clocks of a platform's parts differ. An event that is
     * further ahead is written to the dead-letter topic, because it would freeze its session until
     * that time comes: the newest event determines the session's user, whether it has ended, and
     * its erasure. A shorter limit accepts less clock skew; a longer limit lets a fast clock do
     * more harm.
     */
    @WithDefault("10m")
    Duration maxAhead();
}
