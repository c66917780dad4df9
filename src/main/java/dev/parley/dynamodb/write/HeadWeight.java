package dev.parley.dynamodb.write;

import dev.parley.dynamodb.layout.Fingerprints;
import dev.parley.dynamodb.layout.ProfileItem;
import dev.parley.dynamodb.layout.SessionHead;
import dev.parley.dynamodb.layout.TurnBlock;
import dev.parley.session.Json;
import dev.parley.session.Profile;
import dev.parley.session.Stamped;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Computes how many bytes of heap a head takes in the cache, with its key and the memory of the
 * cache itself. This is the sum over all of its objects, in the layout of a 64-bit JVM with
 * compressed references. Objects that several heads share are counted for each of them.
 */
final class HeadWeight {

    private static final int ALIGNMENT = 8;
    private static final int ARRAY_HEADER = 16;
    private static final int REFERENCE = 4;
    private static final int LATIN_1 = 0xff;

    /** Bytes of a string without its characters; they are the same for an instant. */
    private static final int TEXT = 24;

    private static final int TIME = 24;

    /**
     * Bytes that every head takes: its records, times and counters, and the entry of the cache with
     * its share of the tables.
     */
    private static final int HEAD = 1_000;

    /** Bytes of the position and the revision of a turn in a block, without the id. */
    private static final int TURN = 32 + 32 + TIME + REFERENCE;

    /** Bytes of the numbers of the parts of a large turn. */
    private static final int PARTS = 32;

    /** Bytes of a stamped value without the value. */
    private static final int STAMPED = 24 + TIME;

    private static final int JSON = 16;

    /** Bytes of the newest page without its turns. */
    private static final int GROWING_PAGE = 32 + TIME;

    /** Bytes of the item of a profile without its values. */
    private static final int PROFILE_ITEM = 32 + 40 + TIME;

    /** Bytes of fingerprints without their array. */
    private static final int FINGERPRINTS = 16;

    /**
     * Bytes of an entry in an immutable map, which has four references for it, half of them empty.
     */
    private static final int MAP_ENTRY = 4 * REFERENCE;

    /** Bytes of the counter of a role: its entry in a map, and the number. */
    private static final int COUNTER = MAP_ENTRY + 24;

    private static final int MOVE = 24 + 2 * TIME + REFERENCE;

    private HeadWeight() {}

    static int bytes(String sessionId, SessionHead head) {
        long bytes =
                HEAD
                        + text(sessionId)
                        + profile(head.profile())
                        + profileItem(head.profileItem())
                        + (long) head.counters().turnsByRole().size() * COUNTER
                        + (long) head.startMoves().moves().size() * MOVE
                        + fingerprints(head.pages().recentTurns().inOrder())
                        + growing(head.pages().growing())
                        + fingerprints(head.pages().late())
                        + turns(head.tail())
                        + turns(head.waiting());
        return (int) Math.min(bytes, Integer.MAX_VALUE);
    }

    private static long growing(SessionHead.@Nullable GrowingPage page) {
        return page == null ? 0 : GROWING_PAGE + turns(page.turns());
    }

    private static long fingerprints(Fingerprints turns) {
        return FINGERPRINTS + aligned(ARRAY_HEADER + (long) turns.bytes());
    }

    private static long turns(TurnBlock block) {
        long bytes = aligned(ARRAY_HEADER + (long) block.bytes());
        for (TurnBlock.Entry turn : block.entries()) {
            bytes += TURN + text(turn.position().turnId());
            bytes += turn.parts() == null ? 0 : PARTS;
        }
        return bytes;
    }

    private static long profileItem(ProfileItem item) {
        return item instanceof ProfileItem.Known known ? PROFILE_ITEM + profile(known.values()) : 0;
    }

    private static long profile(Profile profile) {
        return stamped(profile.userId())
                + stamped(profile.channel())
                + values(profile.attributes())
                + values(profile.userData());
    }

    private static long stamped(@Nullable Stamped<String> stamped) {
        return stamped == null ? 0 : STAMPED + text(stamped.value());
    }

    private static long values(Map<String, Stamped<Json>> values) {
        long bytes = 0;
        for (Map.Entry<String, Stamped<Json>> each : values.entrySet()) {
            Json value = each.getValue().value();
            bytes += MAP_ENTRY + text(each.getKey()) + STAMPED;
            bytes += value == null ? 0 : JSON + text(value.text());
        }
        return bytes;
    }

    /** Returns the bytes of a text: one for each character, or two if one of them needs two. */
    private static long text(@Nullable String text) {
        if (text == null) {
            return 0;
        }
        boolean wide = text.chars().anyMatch(character -> character > LATIN_1);
        return TEXT + aligned(ARRAY_HEADER + (wide ? 2L : 1L) * text.length());
    }

    private static long aligned(long bytes) {
        return (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    }
}
