package dev.parley.dynamodb.layout;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** The configuration of the table and of what is kept in it. */
@ConfigMapping(prefix = "parley.table")
public interface TableConfig {

    /** The name of the table. */
    @WithDefault("ChatbotSessions")
    String name();

    /**
     * What the service does with the table at start. {@code create} creates the table if it does
     * not exist, or completes one whose creation was interrupted, and checks it. {@code verify}
     * only checks it. If the table differs from the schema, both stop the service. {@code off} does
     * neither.
     */
    @WithDefault("verify")
    Mode mode();

    /**
     * Partitions per day of the index by day. Each accepts about 1,000 new sessions a second, and
     * each is one more query for a list by time. The number may be raised at any time but never
     * lowered, because sessions in the removed shards would no longer be listed.
     */
    @WithDefault("4")
    int dayShards();

    /** How long a turn is kept after it happened, and a session after its newest event. */
    @WithDefault("90d")
    Duration retention();

    /**
     * How long a deletion is remembered. It must be longer than the topic keeps records. Otherwise
     * a replay of the topic restores the deleted session.
     */
    @WithDefault("30d")
    Duration deletionMemory();

    /**
     * The bytes that the attributes and user data of a session may take together, including names
     * and times. If they are large, they are in an item of their own, see {@link ProfileItem}.
     */
    @WithDefault("262144")
    int maxProfileBytes();

    /**
     * The bytes that the newest turns may take in the session's own item, in their stored form,
     * before they are moved to a page. They also get no more than what is left of the KB that the
     * item has begun, because DynamoDB charges a write by the begun KB; but always 256 bytes.
     */
    @WithDefault("1280")
    int tailBytes();

    /**
     * The bytes that the turns of a page may take, in their stored form. Turns are added to the
     * newest page until it is full, and each time DynamoDB charges the whole page. With fewer
     * bytes, the write of a turn costs less and the read of a history costs more. With the default,
     * a page is charged 3 write units at most, and half a read unit.
     */
    @WithDefault("2900")
    int pageBytes();

    /**
     * The format of items that are written. Items of both formats are read at any time, but
     * versions of Parley from before format 2 read only format 1. To update them without a pause,
     * start this version with {@code 1}, and remove that when none of them runs any more.
     */
    @WithDefault("2")
    int format();

    /**
     * How turns are stored. {@code deflated} takes a third of the size; {@code
     * deflated-without-dictionary} a little more, but is read with zlib alone; {@code plain} can be
     * read in a console. The value may be changed at any time, because stored turns of all kinds
     * can be read.
     */
    @WithDefault("deflated")
    TurnBlock.Encoding turns();

    /** The bytes of heap for the cached heads of the sessions that are being written to. */
    @WithDefault("67108864")
    long cacheBytes();

    /**
     * The number of concurrent DynamoDB requests of readers; further requests wait. Readers and
     * ingestion share the connections of {@code quarkus.dynamodb.async-client.max-concurrency}. The
     * connections beyond this number are for ingestion only.
     */
    @WithDefault("40")
    int readConcurrency();

    /**
     * The number of requests of one kind (writes, reads, consistent reads) that are in flight
     * before further ones wait and share the next request. With fewer, requests carry more and cost
     * less CPU time. A request that takes longer than 50 ms counts no longer.
     */
    @WithDefault("2")
    int requestsInFlight();

    /**
     * Whether writes that wait at the same time share a request. It needs the permissions {@code
     * dynamodb:PartiQLInsert} and {@code dynamodb:PartiQLUpdate}. Without them, or with {@code
     * false}, each write is a request of its own, which costs the same capacity but several times
     * the CPU time.
     */
    @WithDefault("true")
    boolean batchWrites();

    /**
     * How often a session that has followers is polled. A poll costs half a read unit if the item
     * of the session is smaller than 4 KB, once for all followers on one instance.
     */
    @WithDefault("500ms")
    Duration watchInterval();

    enum Mode {
        CREATE,
        VERIFY,
        OFF
    }
}
