package dev.parley.dynamodb.layout;

import dev.parley.session.Profile;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * The item that contains the attributes and the user data of a session if they are large. So a turn
 * does not pay for them. What has changed since the item was written is in the head, and the stamps
 * show which value is the latest.
 *
 * <p>The item is always written in one transaction with the head, and the head states the version
 * with which that happened. An item with another version than the one that the head states belongs
 * to another head.
 */
public sealed interface ProfileItem {

    /** What the key of the item adds to the session id. */
    String KEY_SUFFIX = "#profile";

    /**
     * The bytes that attributes and user data may take at most. It leaves enough room for the key
     * of an item with the maximum size.
     */
    int MAX_BYTES = 380 * 1024;

    /** The attributes of the item that are made from the profile. */
    Set<String> CONTENT =
            Set.of(SessionTable.ATTRIBUTES, SessionTable.USER_DATA, SessionTable.STAMPS);

    /** Returns the version of the head that was written together with the item; 0 without one. */
    long version();

    /** There is no item. */
    record None() implements ProfileItem {

        @Override
        public long version() {
            return 0;
        }
    }

    /**
     * The head refers to an item, which has not been read.
     *
     * @param startedAt when the session started, as its head states; for a session without turns,
     *     the item may be needed to compute that
     */
    record Unread(long version, @Nullable Instant startedAt) implements ProfileItem {}

    /**
     * The content of the item.
     *
     * @param values attributes and user data; empty if the item was emptied, so that the head does
     *     not refer to it
     * @param expiresAt when DynamoDB may delete the item
     */
    record Known(long version, Profile values, Instant expiresAt) implements ProfileItem {

        /** Returns the change that writes the item. */
        ItemChange change(String sessionId) {
            Map<String, AttributeValue> attributes = new HashMap<>();
            attributes.put(SessionTable.SESSION_ID, Attributes.text(key(sessionId)));
            attributes.put(SessionTable.VERSION, Attributes.number(version));
            attributes.put(SessionTable.EXPIRES_AT, Attributes.expiry(expiresAt));
            ProfileAttributes.put(attributes, values);
            Set<String> leftovers = new TreeSet<>(CONTENT);
            leftovers.removeAll(attributes.keySet());
            return new ItemChange(attributes, leftovers, false);
        }
    }

    /** Nothing of the item counts any more. It is emptied with the next write of the head. */
    record Obsolete() implements ProfileItem {

        @Override
        public long version() {
            return 0;
        }
    }

    /** Returns whether the head has to refer to the item. */
    default boolean isReferenced() {
        return switch (this) {
            case None none -> false;
            case Unread unread -> true;
            case Known known -> !known.values().equals(Profile.EMPTY);
            case Obsolete obsolete -> false;
        };
    }

    /** Returns the content; empty if it is not known, or there is none. */
    default Optional<Known> known() {
        return this instanceof Known known ? Optional.of(known) : Optional.empty();
    }

    static String key(String sessionId) {
        return sessionId + KEY_SUFFIX;
    }

    /** Reads what a head states about the item. */
    static ProfileItem inHead(Map<String, AttributeValue> head) {
        return head.containsKey(SessionTable.PROFILE)
                ? new Unread(
                        Attributes.number(head, SessionTable.PROFILE),
                        Attributes.time(head, SessionTable.STARTED_AT))
                : new None();
    }

    /** Reads the item; empty if it does not exist. */
    static Optional<Known> of(Map<String, AttributeValue> item) {
        return Optional.ofNullable(Attributes.time(item, SessionTable.EXPIRES_AT))
                .map(
                        expiresAt ->
                                new Known(
                                        Attributes.number(item, SessionTable.VERSION),
                                        ProfileAttributes.of(item),
                                        expiresAt));
    }

    /** Returns the change that a head needs in its transaction; empty if the item stays. */
    static Optional<ItemChange> change(String sessionId, SessionHead head) {
        return head.profileItem() instanceof Known known && known.version() == head.version()
                ? Optional.of(known.change(sessionId))
                : Optional.empty();
    }
}
