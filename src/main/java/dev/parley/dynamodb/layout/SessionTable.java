package dev.parley.dynamodb.layout;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.CreateTableRequest;
import software.amazon.awssdk.services.dynamodb.model.GlobalSecondaryIndex;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.Projection;
import software.amazon.awssdk.services.dynamodb.model.ProjectionType;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;
import software.amazon.awssdk.services.dynamodb.model.Tag;

/**
 * The whole schema: one table with one partition key and no sort key, two sparse indexes for the
 * lists, and the names of the attributes that an item may have.
 *
 * <p>All times are numbers in epoch seconds with as many decimals as they need: the unit that
 * DynamoDB's own expiry insists on, exact, sortable, and shorter than a text.
 */
public final class SessionTable {

    public static final String SESSION_ID = "sessionId";

    /** Grows by one with each write and is each write's condition. */
    public static final String VERSION = "version";

    public static final String USER_ID = "userId";
    public static final String CHANNEL = "channel";
    public static final String STARTED_AT = "startedAt";
    static final String LAST_ACTIVITY_AT = "lastActivityAt";
    static final String AS_OF = "asOf";
    static final String ENDED_AT = "endedAt";

    /**
     * Where the session stood in lists before its start moved: when and from where, the latest move
     * first, as one list of numbers; absent on nearly all sessions.
     */
    public static final String START_MOVES = "startMoves";

    /** On an item that was deleted: events up to this time are ignored. */
    public static final String DELETED_AT = "deletedAt";

    /**
     * On an item that was deleted: how long that is remembered. Until then all that it deletes has
     * expired, too, and {@code parley.table.deletion-memory} has passed since it was applied.
     */
    public static final String REMEMBERED_UNTIL = "rememberedUntil";

    /** Map of role to number of turns. */
    static final String TURNS_BY_ROLE = "turnsByRole";

    /** Map of {@code inputTokens}, {@code outputTokens}. */
    static final String USAGE = "usage";

    /**
     * Map of {@code sumMs}, {@code maxMs} and {@code buckets}, a map of a bucket's number to its
     * count, without those that are empty.
     */
    public static final String LATENCY = "latency";

    static final String ERROR_COUNT = "errorCount";

    /** A JSON object as text: DynamoDB's own maps would change 1.0 to 1 and refuse 1e400. */
    static final String ATTRIBUTES = "attributes";

    /** A JSON object as text, as {@link #ATTRIBUTES}. */
    static final String USER_DATA = "userData";

    /**
     * When values of the profile were said: a map of {@code userId}, {@code channel}, and the maps
     * {@code attributes} and {@code userData}. A stamp is absent where it is the usual one, {@link
     * #LAST_ACTIVITY_AT} for user and channel, {@link #STARTED_AT} for the rest. A key with a stamp
     * and no value was removed.
     */
    static final String STAMPS = "stamps";

    /**
     * In a head the newest turns, its tail; in a page those of the page: a JSON object a line, in
     * the order in which they happened, deflated (B) or plain (S).
     */
    public static final String TURNS = "turns";

    /**
     * In a head, turns that came late and are yet to be moved into the pages where they belong, as
     * {@link #TURNS}; absent on nearly all sessions.
     */
    public static final String WAITING_TURNS = "waitingTurns";

    /** How many pages there have been: the number of the next one. */
    public static final String PAGES = "pages";

    /** The number of the first page that is still there; absent for 0. */
    static final String FIRST_PAGE = "firstPage";

    /**
     * When the newest turn in a page happened; absent where the tail has turns, which are later.
     */
    static final String SEALED_UNTIL = "sealedUntil";

    /** Pages from this number up to {@link #FIRST_PAGE} are being erased. */
    static final String ERASING = "erasing";

    /**
     * Pages from this number up to {@link #FIRST_PAGE} are of a former life of the session, which
     * has expired.
     */
    static final String EXPIRED_FROM = "expiredFrom";

    /**
     * In a head, the version with which a late turn was last moved to a page, or one was revised in
     * it; absent if none ever was. It tells those who follow a session that pages may be new to
     * them.
     */
    static final String AMENDED_AT_VERSION = "amendedAtVersion";

    /** How often a page was split. */
    public static final String SPLITS = "splits";

    /**
     * In the item of pages, short fingerprints of the turns that were stored before those in it, up
     * to some 120; see {@link RecentTurns}.
     */
    public static final String TURNS_BEFORE = "turnsBefore";

    /** In a head, the same of the turns that came late since the newest item of pages was begun. */
    static final String LATE_TURNS = "lateTurns";

    /** In the item of two pages, {@link #TURNS} of the second. */
    public static final String MORE_TURNS = "moreTurns";

    /** In the item of two pages, {@link #SPLITS} of the second. */
    public static final String MORE_SPLITS = "moreSplits";

    /**
     * The version of the head that this form of the item was written for, by someone who may have
     * died before.
     */
    public static final String SEALED_AT_VERSION = "sealedAtVersion";

    /** The day on which the session started and a shard of it: {@code 2026-11-22#3}. */
    public static final String DAY_SHARD = "dayShard";

    /** When DynamoDB may remove the item; readers and writers go by it at once. */
    public static final String EXPIRES_AT = "expiresAt";

    public static final String BY_USER = "byUser";
    public static final String BY_DAY = "byDay";

    /**
     * An item with its attributes' names ends at 400 KB (<a
     * href="https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html#limits-items">Constraints</a>).
     */
    static final int MAX_ITEM_BYTES = 400 * 1024;

    /**
     * What of an item is left for turns beside a page's key of the greatest length and the rest.
     */
    public static final int MAX_BLOCK_BYTES = MAX_ITEM_BYTES - 2 * 1024;

    /** The same where two pages share an item and neither knows of the other's size. */
    public static final int MAX_SHARED_BLOCK_BYTES = MAX_BLOCK_BYTES / 2;

    public static final Tag PURPOSE =
            Tag.builder().key("Purpose").value("ChatbotSessionData").build();

    private SessionTable() {}

    public static CreateTableRequest createRequest(String tableName) {
        return CreateTableRequest.builder()
                .tableName(tableName)
                .keySchema(key(SESSION_ID, KeyType.HASH))
                .attributeDefinitions(
                        definition(SESSION_ID, ScalarAttributeType.S),
                        definition(USER_ID, ScalarAttributeType.S),
                        definition(DAY_SHARD, ScalarAttributeType.S),
                        definition(STARTED_AT, ScalarAttributeType.N))
                .globalSecondaryIndexes(indexes())
                .billingMode(BillingMode.PAY_PER_REQUEST)
                .tags(PURPOSE)
                .build();
    }

    /**
     * Keys and projections hold only what settles when a session begins: an index over anything
     * that a turn changes would be written, and paid for, with every turn. {@link #START_MOVES}
     * changes where the key does.
     */
    public static List<GlobalSecondaryIndex> indexes() {
        return List.of(
                index(BY_USER, USER_ID, CHANNEL, START_MOVES),
                index(BY_DAY, DAY_SHARD, USER_ID, CHANNEL, START_MOVES));
    }

    /**
     * The {@link #BY_DAY} partition of a session. One partition a day would limit the whole service
     * to what one partition takes.
     */
    public static String dayShard(String sessionId, Instant startedAt, int shards) {
        LocalDate day = LocalDate.ofInstant(startedAt, ZoneOffset.UTC);
        return dayShard(day, Math.floorMod(sessionId.hashCode(), shards));
    }

    /**
     * The {@link #BY_DAY} partition of a shard of a day.
     *
     * @param shard 0 to the number of shards less one
     */
    public static String dayShard(LocalDate day, int shard) {
        return day + "#" + shard;
    }

    /** What of a head a list of sessions shows, which has no turns. */
    public static List<String> headWithoutTurns() {
        return List.of(
                SESSION_ID,
                VERSION,
                USER_ID,
                CHANNEL,
                STARTED_AT,
                START_MOVES,
                LAST_ACTIVITY_AT,
                AS_OF,
                ENDED_AT,
                DELETED_AT,
                TURNS_BY_ROLE,
                USAGE,
                LATENCY,
                ERROR_COUNT,
                ATTRIBUTES,
                USER_DATA,
                STAMPS,
                EXPIRES_AT);
    }

    private static GlobalSecondaryIndex index(
            String name, String partitionKey, String... projected) {
        return GlobalSecondaryIndex.builder()
                .indexName(name)
                .keySchema(key(partitionKey, KeyType.HASH), key(STARTED_AT, KeyType.RANGE))
                .projection(
                        Projection.builder()
                                .projectionType(ProjectionType.INCLUDE)
                                .nonKeyAttributes(projected)
                                .build())
                .build();
    }

    private static KeySchemaElement key(String name, KeyType type) {
        return KeySchemaElement.builder().attributeName(name).keyType(type).build();
    }

    private static AttributeDefinition definition(String name, ScalarAttributeType type) {
        return AttributeDefinition.builder().attributeName(name).attributeType(type).build();
    }
}
