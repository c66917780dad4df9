package dev.parley.dynamodb.layout;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** The table and what is kept in it. */
@ConfigMapping(prefix = "parley.table")
public interface TableConfig {

    /** The table's name. */
    @WithDefault("ChatbotSessions")
    String name();

    /**
     * What happens at start: {@code create} makes the table if there is none and checks it, {@code
     * verify} only checks it and stops the service if it differs, {@code off} does neither.
     */
    @WithDefault("verify")
    Mode mode();

    /**
     * Partitions per day of the index by day. Each takes about 1,000 new sessions a second; each is
     * one more query for a list by time. It may be raised at any time, but never lowered: sessions
     * in the shards beyond would no longer be listed.
     */
    @WithDefault("4")
    int dayShards();

    /** How long a turn is kept after it happened, and a session after its newest event. */
    @WithDefault("90d")
    Duration retention();

    /**
     * How long a deletion is remembered. Must be longer than the topic keeps records, or a replay
     * of the topic brings the deleted session back.
     */
    @WithDefault("30d")
    Duration deletionMemory();

    /**
     * Bytes that a session's attributes and user data may take together, names and times included.
     * Each turn's write pays for them again, by the KB.
     */
    @WithDefault("16384")
    int maxProfileBytes();

    /**
     * Bytes of the newest turns that a session's own item holds, as they are stored, before they
     * become a page; a fifth more before the first page. Fewer make a turn cheaper to write and a
     * history dearer to read: with this many, the item is charged 2 units at most and two pages fit
     * in the 4 KB of one read unit.
     */
    @WithDefault("1600")
    int tailBytes();

    /**
     * How turns are stored: {@code deflated} takes a third, {@code plain} can be read in a console.
     * It may be changed at any time: what is there is read either way.
     */
    @WithDefault("deflated")
    TurnBlock.Encoding turns();

    /** Bytes of heap for what is known of the sessions that are being written to. */
    @WithDefault("67108864")
    long cacheBytes();

    /**
     * Requests of readers that DynamoDB is asked at the same time; others wait. Readers and
     * ingestion share {@code quarkus.dynamodb.async-client.max-concurrency} connections: what is
     * left is ingestion's own.
     */
    @WithDefault("40")
    int readConcurrency();

    /**
     * How often a session is looked at whose events someone follows. A look costs half a read unit
     * where the session's item is below 4 KB, once for all who follow it on one instance.
     */
    @WithDefault("500ms")
    Duration watchInterval();

    enum Mode {
        CREATE,
        VERIFY,
        OFF
    }
}
