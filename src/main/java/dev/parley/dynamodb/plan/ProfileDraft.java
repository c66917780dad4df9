package dev.parley.dynamodb.plan;

import dev.parley.dynamodb.layout.Format;
import dev.parley.dynamodb.layout.ProfileItem;
import dev.parley.dynamodb.layout.SessionHead;
import dev.parley.session.Json;
import dev.parley.session.Profile;
import dev.parley.session.Stamped;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/**
 * A draft of a session's profile. It decides what of the attributes and the user data is in the
 * head, and what is in an item of its own.
 *
 * <p>Few data are always in the head. More are moved to the item as soon as the writes of the head
 * since the item was last written have paid as much for them as it costs to write the item. So
 * values that change with every turn stay in the head for some turns, and others soon cost nothing.
 */
final class ProfileDraft {

    /** About the bytes of attributes and user data that are always in the head. */
    static final int FEW_BYTES = 256;

    /** About the bytes of attributes and user data that the head may contain at most. */
    static final int MAX_BYTES_IN_HEAD = 16 * 1024;

    /**
     * How much longer than necessary the item is kept. Otherwise it would be written with every
     * turn only to extend its expiry.
     */
    static final Duration SPARE = Duration.ofDays(7);

    /** About the bytes of a value in an item besides its name and text: its stamp. */
    private static final int STAMP_BYTES = 16;

    /** DynamoDB charges a write by the begun KB. */
    private static final int KB = 1024;

    private final long version;
    private final boolean mayHaveItem;
    private ProfileItem stored;
    private Profile all;

    /**
     * Starts the draft.
     *
     * @param version the version of the head that is drafted
     * @param format the format in which the head is written; the first one has no profile items
     */
    ProfileDraft(SessionHead head, long version, Format format) {
        this.version = version;
        this.mayHaveItem = format != Format.FIRST;
        this.stored = head.profileItem();
        this.all = head.wholeProfile();
    }

    /** Returns the whole profile. */
    Profile all() {
        return all;
    }

    void set(Profile changed) {
        all = changed;
    }

    /** Removes what was set up to that moment. Nothing of it stays in the item either. */
    void erase(Instant moment) {
        all = all.after(moment);
        if (stored.isReferenced()) {
            stored = new ProfileItem.Obsolete();
        }
    }

    /**
     * Adds the profile to a head.
     *
     * @param head a head with everything but the profile
     * @param until when DynamoDB may delete the head
     */
    SessionHead addTo(SessionHead head, Instant until) {
        ProfileItem item = item(until);
        return head.with(all.without(values(item)), item);
    }

    private ProfileItem item(Instant until) {
        Profile data = all.data();
        if (mayHaveItem && mayStay(data, until)) {
            return stored;
        }
        if (mayHaveItem && bytes(data) > FEW_BYTES) {
            return new ProfileItem.Known(version, data, until.plus(SPARE));
        }
        return stored.isReferenced() || stored instanceof ProfileItem.Obsolete
                ? new ProfileItem.Known(version, Profile.EMPTY, until.plus(SPARE))
                : stored;
    }

    /** Returns whether the item stays as it is, and the head contains the rest of the profile. */
    private boolean mayStay(Profile data, Instant until) {
        return switch (stored) {
            case ProfileItem.None none -> !isTooMuch(data, data);
            case ProfileItem.Known known ->
                    data.keepsAllOf(known.values())
                            && !isTooMuch(data.without(known.values()), data)
                            && !(known.isReferenced() && known.expiresAt().isBefore(until));
            case ProfileItem.Unread unread -> false;
            case ProfileItem.Obsolete obsolete -> false;
        };
    }

    private boolean isTooMuch(Profile inHead, Profile data) {
        long bytes = bytes(inHead);
        long writes = version - stored.version();
        return bytes > MAX_BYTES_IN_HEAD
                || (bytes > FEW_BYTES && writes * bytes >= costOfWriting(data));
    }

    /**
     * Returns what it costs to write the item, in bytes of ordinary writes. DynamoDB charges twice
     * for a write in a transaction, and the head is written anyway.
     */
    private static long costOfWriting(Profile data) {
        return KB + 2L * Math.ceilDiv(bytes(data), KB) * KB;
    }

    private static Profile values(ProfileItem item) {
        return item instanceof ProfileItem.Known known ? known.values() : Profile.EMPTY;
    }

    /** Returns about the bytes that attributes and user data take. */
    private static long bytes(Profile profile) {
        return bytes(profile.attributes()) + bytes(profile.userData());
    }

    private static long bytes(Map<String, Stamped<Json>> values) {
        long bytes = 0;
        for (Map.Entry<String, Stamped<Json>> each : values.entrySet()) {
            Json value = each.getValue().value();
            bytes += STAMP_BYTES + each.getKey().length();
            bytes += value == null ? 0 : value.text().length();
        }
        return bytes;
    }
}
