package dev.parley.dynamodb.layout;

import static dev.parley.dynamodb.layout.Attributes.number;
import static dev.parley.dynamodb.layout.Attributes.text;
import static dev.parley.dynamodb.layout.Attributes.time;

import dev.parley.dynamodb.layout.SessionHead.NewestPages;
import dev.parley.dynamodb.layout.SessionHead.PageRange;
import dev.parley.session.Counters;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Converts a {@link SessionHead} to its item and back, without a mapping library. An absent value
 * has no attribute, and no attribute is ever NULL.
 */
public final class HeadItems {

    private final Retention retention;
    private final int dayShards;
    private final Format format;

    /**
     * @param format the format of heads that are written
     */
    public HeadItems(Retention retention, int dayShards, Format format) {
        this.retention = retention;
        this.dayShards = dayShards;
        this.format = format;
    }

    /** Returns the format of heads that are written. */
    public Format format() {
        return format;
    }

    /** Returns the item of a head, in the format that the head states. */
    public Map<String, AttributeValue> toItem(String sessionId, SessionHead head) {
        Map<String, AttributeValue> item = new HashMap<>();
        item.put(SessionTable.SESSION_ID, text(sessionId));
        item.put(SessionTable.VERSION, number(head.version()));
        if (head.format() != Format.FIRST) {
            item.put(SessionTable.FORMAT, number(head.format().number()));
        }
        putTimes(item, sessionId, head);
        ProfileAttributes.put(item, head.profile());
        if (head.profileItem().isReferenced()) {
            item.put(SessionTable.PROFILE, number(head.profileItem().version()));
        }
        CounterAttributes.put(item, head.counters(), head.format());
        putPages(item, head.pages(), head.tail().isEmpty());
        putParts(item, head.parts());
        if (!head.tail().isEmpty()) {
            item.put(SessionTable.TURNS, head.tail().toAttribute());
        }
        if (!head.waiting().isEmpty()) {
            item.put(SessionTable.WAITING_TURNS, head.waiting().toAttribute());
        }
        if (!head.startMoves().isEmpty()) {
            item.put(SessionTable.START_MOVES, head.startMoves().toAttribute());
        }
        return item;
    }

    /**
     * Reads a head.
     *
     * @throws dev.parley.session.SessionStoreException.Unavailable if a later version of Parley has
     *     written it, in a format that this version does not know
     */
    public static SessionHead toHead(Map<String, AttributeValue> item) {
        Format format = Format.of(item);
        Counters counters = CounterAttributes.of(item);
        boolean hasTurns = counters.turns() > 0;
        return new SessionHead(
                format,
                number(item, SessionTable.VERSION),
                time(item, SessionTable.DELETED_AT),
                time(item, SessionTable.REMEMBERED_UNTIL),
                asOf(item),
                time(item, SessionTable.ENDED_AT),
                hasTurns ? time(item, SessionTable.STARTED_AT) : null,
                hasTurns ? time(item, SessionTable.LAST_ACTIVITY_AT) : null,
                ProfileAttributes.of(item),
                ProfileItem.inHead(item),
                counters,
                pages(item),
                new SessionHead.PartRange(
                        (int) number(item, SessionTable.FIRST_PART),
                        (int) number(item, SessionTable.PARTS)),
                TurnBlock.stored(item.get(SessionTable.TURNS)),
                TurnBlock.stored(item.get(SessionTable.WAITING_TURNS)),
                FormerStarts.of(item));
    }

    /**
     * Reads the time of the newest event. The attribute is left out if it equals the time of the
     * last activity, as it nearly always does.
     */
    private static @Nullable Instant asOf(Map<String, AttributeValue> item) {
        Instant asOf = time(item, SessionTable.AS_OF);
        return asOf == null ? time(item, SessionTable.LAST_ACTIVITY_AT) : asOf;
    }

    /**
     * Adds the attributes of the page range. {@link SessionTable#SEALED_UNTIL} is left out if the
     * tail has turns: the first of them shows what may be in a page.
     */
    private static void putPages(
            Map<String, AttributeValue> item, PageRange pages, boolean tailIsEmpty) {
        if (pages.next() > 0) {
            item.put(SessionTable.PAGES, number(pages.next()));
        }
        if (pages.first() > 0) {
            item.put(SessionTable.FIRST_PAGE, number(pages.first()));
        }
        Instant sealedUntil = pages.sealedUntil();
        if (sealedUntil != null && tailIsEmpty) {
            item.put(SessionTable.SEALED_UNTIL, time(sealedUntil));
        }
        put(item, SessionTable.ERASING, pages.erasingFrom());
        put(item, SessionTable.EXPIRED_FROM, pages.expiredFrom());
        if (pages.sealedAtVersion() > 0) {
            item.put(SessionTable.SEALED, number(pages.sealedAtVersion()));
        }
        if (pages.amendedAtVersion() > 0) {
            item.put(SessionTable.AMENDED_AT_VERSION, number(pages.amendedAtVersion()));
        }
        if (!pages.late().isEmpty()) {
            item.put(SessionTable.LATE_TURNS, pages.late().toAttribute());
        }
    }

    private static void putParts(Map<String, AttributeValue> item, SessionHead.PartRange parts) {
        if (parts.next() > 0) {
            item.put(SessionTable.PARTS, number(parts.next()));
        }
        if (parts.first() > 0) {
            item.put(SessionTable.FIRST_PART, number(parts.first()));
        }
    }

    private static PageRange pages(Map<String, AttributeValue> item) {
        int first = (int) number(item, SessionTable.FIRST_PAGE);
        int next = (int) number(item, SessionTable.PAGES);
        return new PageRange(
                first,
                next,
                time(item, SessionTable.SEALED_UNTIL),
                pageNumber(item, SessionTable.ERASING),
                pageNumber(item, SessionTable.EXPIRED_FROM),
                number(item, SessionTable.SEALED),
                number(item, SessionTable.AMENDED_AT_VERSION),
                Fingerprints.stored(item.get(SessionTable.LATE_TURNS)),
                first == next ? NewestPages.NONE : null);
    }

    private static void put(Map<String, AttributeValue> item, String name, @Nullable Integer page) {
        if (page != null) {
            item.put(name, number(page));
        }
    }

    private static @Nullable Integer pageNumber(Map<String, AttributeValue> item, String name) {
        return item.containsKey(name) ? (int) number(item, name) : null;
    }

    private void putTimes(Map<String, AttributeValue> item, String sessionId, SessionHead head) {
        head.startedAt()
                .ifPresent(
                        at -> {
                            put(item, SessionTable.STARTED_AT, at);
                            item.put(
                                    SessionTable.DAY_SHARD,
                                    text(SessionTable.dayShard(sessionId, at, dayShards)));
                        });
        head.lastActivityAt().ifPresent(at -> put(item, SessionTable.LAST_ACTIVITY_AT, at));
        if (!Optional.ofNullable(head.asOf()).equals(head.lastActivityAt())) {
            put(item, SessionTable.AS_OF, head.asOf());
        }
        put(item, SessionTable.ENDED_AT, head.endedAt());
        put(item, SessionTable.DELETED_AT, head.deletedAt());
        put(item, SessionTable.REMEMBERED_UNTIL, head.rememberedUntil());
        retention
                .removalOf(head)
                .ifPresent(at -> item.put(SessionTable.EXPIRES_AT, Attributes.expiry(at)));
    }

    private static void put(Map<String, AttributeValue> item, String name, @Nullable Instant at) {
        if (at != null) {
            item.put(name, time(at));
        }
    }
}
