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
 * The whole schema: one table with a partition key and no sort key, two sparse indexes for the
 * lists, and the names of the attributes that an item may have.
 *
 * <p>All times are numbers, in epoch seconds with as many decimals as they need. This is the unit
 * that the time to live of DynamoDB requires. It is exact, sortable, and shorter than a text.
 */
public final class SessionTable {

    public static final String SESSION_ID = "sessionId";

    /**
     * The version of the head. Each write raises it by one, on the condition that it has not
     * changed.
     */
    public static final String VERSION = "version";

    public static final String USER_ID = "userId";
    public static final String CHANNEL = "channel";
    public static final String STARTED_AT = "startedAt";
    static final String LAST_ACTIVITY_AT = "lastActivityAt";
    static final String AS_OF = "asOf";
    static final String ENDED_AT = "endedAt";

    /**
     * Where the session was in lists before its start moved. This is one list of numbers, the
     * latest move first: when it moved, and the start before the move. It is absent on nearly all
     * sessions.
     */
    public static final String START_MOVES = "startMoves";

    /** In the head of a deleted session: events up to this time are ignored. */
    public static final String DELETED_AT = "deletedAt";

    /**
     * In the head of a deleted session: until when the deletion is remembered. By then everything
     * that it deletes has expired, and {@code parley.table.deletion-memory} has passed since it was
     * applied.
     */
    public static final String REMEMBERED_UNTIL = "rememberedUntil";

    /** In a head, its {@link Format}; absent for the first one. */
    public static final String FORMAT = "format";

    /** The counters over all turns, see {@link PackedCounters}. */
    public static final String COUNTERS = "counters";

    /** In the first format, a map of role to number of turns. */
    static final String TURNS_BY_ROLE = "turnsByRole";

    /**
     * In the first format, a map of {@code inputTokens} and {@code outputTokens}, and of {@code
     * cachedInputTokens} and {@code reasoningTokens} if they are greater than 0.
     */
    static final String USAGE = "usage";

    /**
     * In the first format, a map of {@code sumMs}, {@code maxMs} and {@code buckets}. The last is a
     * map of a bucket's number to its count, without the empty buckets.
     */
    public static final String LATENCY = "latency";

    /** In the first format, the number of turns that carry an error. */
    static final String ERROR_COUNT = "errorCount";

    /**
     * A JSON object as text. The maps of DynamoDB would change 1.0 to 1, and would reject 1e400.
     */
    public static final String ATTRIBUTES = "attributes";

    /** A JSON object as text, as in {@link #ATTRIBUTES}. */
    static final String USER_DATA = "userData";

    /**
     * When the values of the profile were set: a map of {@code userId}, {@code channel}, {@code
     * cleared}, and of the maps {@code attributes} and {@code userData}. A stamp is absent if it is
     * the usual one: {@link #LAST_ACTIVITY_AT} for user and channel, {@link #STARTED_AT} for
     * attributes and user data. A key that has a stamp but no value was removed.
     */
    static final String STAMPS = "stamps";

    /**
     * In a head, the version with which the item of the profile was last written; absent if the
     * session has none. See {@link ProfileItem}.
     */
    public static final String PROFILE = "profile";

    /**
     * In a head the newest turns, which are its tail; in a page its turns. There is one JSON object
     * a line, in the order in which the turns happened, deflated (B) or plain (S), see {@link
     * TurnBlock.Encoding}.
     */
    public static final String TURNS = "turns";

    /**
     * In a head, late turns that have not been moved to their pages yet, in the form of {@link
     * #TURNS}. It is absent on nearly all sessions.
     */
    public static final String WAITING_TURNS = "waitingTurns";

    /** In a part, a piece of the text of a large turn, deflated (B) or plain (S). */
    public static final String TEXT = "text";

    /** In a part, when its turn happened. */
    public static final String OCCURRED_AT = "occurredAt";

    /** The number that the next part gets; absent for 0. See {@link TextPart}. */
    public static final String PARTS = "parts";

    /** The number of the first part that may still exist; absent for 0. */
    public static final String FIRST_PART = "firstPart";

    /** The number that the next page gets. */
    public static final String PAGES = "pages";

    /**
     * In a head, the version with which turns were last sealed into the newest page. A reader
     * accepts no older form of that page.
     */
    public static final String SEALED = "sealed";

    /**
     * In a page, {@link #SEALED} at the time when the page was begun: the version with which turns
     * were last sealed into the page before it; 0 for the first page. A reader accepts no older
     * form of the page before. It is absent in items of the first versions of Parley.
     */
    public static final String FOLLOWS = "follows";

    /** The number of the first page that still exists; absent for 0. */
    public static final String FIRST_PAGE = "firstPage";

    /**
     * When the newest turn in a page happened; absent if the tail has turns, which are all later.
     */
    static final String SEALED_UNTIL = "sealedUntil";

    /** The pages from this number up to the one before {@link #FIRST_PAGE} are being erased. */
    static final String ERASING = "erasing";

    /**
     * The pages from this number up to the one before {@link #FIRST_PAGE} are of a former life of
     * the session, which has expired.
     */
    static final String EXPIRED_FROM = "expiredFrom";

    /**
     * In a head, the version with which a late turn was last moved to a page, or a turn was last
     * revised in a page; absent if that never happened. It shows readers that they may not know the
     * current form of the pages.
     */
    public static final String AMENDED_AT_VERSION = "amendedAtVersion";

    /** How often a page was split. */
    public static final String SPLITS = "splits";

    /**
     * In a page, short fingerprints of turns that were stored before those in the page; see {@link
     * RecentTurns}. Every eighth page has some 120 of them. In the others they are of late turns
     * only.
     */
    public static final String TURNS_BEFORE = "turnsBefore";

    /**
     * In a head, fingerprints of the late turns that were put into other pages since the newest
     * page was begun.
     */
    static final String LATE_TURNS = "lateTurns";

    /**
     * The turns of a second page in the item. Only the first versions of Parley stored two pages in
     * an item.
     */
    public static final String MORE_TURNS = "moreTurns";

    /** {@link #SPLITS} of a second page in the item. */
    public static final String MORE_SPLITS = "moreSplits";

    /**
     * In a page, the version of the head that this form of the page was written for. The writer may
     * have crashed before it wrote that head.
     */
    public static final String SEALED_AT_VERSION = "sealedAtVersion";

    /**
     * The day on which the session started, in UTC, and a shard of that day: {@code 2026-11-22#3}.
     */
    public static final String DAY_SHARD = "dayShard";

    /**
     * When DynamoDB may delete the item. Readers and writers disregard expired data at once,
     * whether or not DynamoDB has deleted it.
     */
    public static final String EXPIRES_AT = "expiresAt";

    public static final String BY_USER = "byUser";
    public static final String BY_DAY = "byDay";

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
     * Returns the definitions of the two indexes. Their keys and projections contain only
     * attributes that are settled when a session begins. An index of an attribute that turns change
     * would be written, and charged, with every turn. {@link #START_MOVES} changes together with
     * the key.
     */
    public static List<GlobalSecondaryIndex> indexes() {
        return List.of(
                index(BY_USER, USER_ID, CHANNEL, START_MOVES),
                index(BY_DAY, DAY_SHARD, USER_ID, CHANNEL, START_MOVES));
    }

    /**
     * Returns the {@link #BY_DAY} partition of a session. With one partition a day, the throughput
     * of that partition would limit the whole service.
     *
     * @param shards number of shards of a day
     */
    public static String dayShard(String sessionId, Instant startedAt, int shards) {
        LocalDate day = LocalDate.ofInstant(startedAt, ZoneOffset.UTC);
        return dayShard(day, Math.floorMod(sessionId.hashCode(), shards));
    }

    /**
     * Returns the {@link #BY_DAY} partition of a shard of a day.
     *
     * @param shard 0 to the number of shards less one
     */
    public static String dayShard(LocalDate day, int shard) {
        return day + "#" + shard;
    }

    /**
     * Returns the names of the attributes of a head that a list of sessions needs. A list contains
     * no turns.
     */
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
                FORMAT,
                COUNTERS,
                TURNS_BY_ROLE,
                USAGE,
                LATENCY,
                ERROR_COUNT,
                ATTRIBUTES,
                USER_DATA,
                STAMPS,
                PROFILE,
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
