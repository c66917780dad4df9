package dev.parley.ingest;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** Settings of ingestion. */
@ConfigMapping(prefix = "parley.ingest")
public interface IngestConfig {

    /**
     * How many sessions are written at the same time. Their writes share requests, so a higher
     * number makes requests fuller. A session that waits for another attempt doesn't count.
     */
    @WithDefault("128")
    int concurrency();

    /**
     * How many records may be received and not settled yet, before no further ones are processed.
     * The records of a session that can't be written count until they are written; all other
     * sessions continue until this limit is reached. After a crash, at least this many records may
     * be delivered again.
     */
    @WithDefault("10000")
    int maxUnsettled();

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
