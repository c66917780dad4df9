package dev.parley.session;

import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What an event changes in the session as a whole.
 *
 * @param userId the user, if the event names one
 * @param channel the channel, if the event names one
 * @param clears whether all attributes that were set before are removed
 * @param attributes session attributes to set, by key; an empty value removes the key
 * @param userData user data to set, by key; an empty value removes the key
 */
public record Patch(
        @Nullable String userId,
        @Nullable String channel,
        boolean clears,
        Map<String, Optional<Json>> attributes,
        Map<String, Optional<Json>> userData) {

    public static final Patch NONE = new Patch(null, null, Map.of(), Map.of());

    /** Removes all attributes of the session, and changes nothing else. */
    public static final Patch CLEARED = new Patch(null, null, true, Map.of(), Map.of());

    public Patch {
        attributes = Map.copyOf(attributes);
        userData = Map.copyOf(userData);
    }

    public Patch(
            @Nullable String userId,
            @Nullable String channel,
            Map<String, Optional<Json>> attributes,
            Map<String, Optional<Json>> userData) {
        this(userId, channel, false, attributes, userData);
    }

    /** Returns only the number of keys, because the values may be personal. */
    @Override
    public String toString() {
        return "Patch[%d attributes, %d userData]".formatted(attributes.size(), userData.size());
    }
}
