package dev.parley.dynamodb.layout;

import static dev.parley.dynamodb.layout.Attributes.map;
import static dev.parley.dynamodb.layout.Attributes.text;
import static dev.parley.dynamodb.layout.Attributes.time;

import dev.parley.json.ExactJson;
import dev.parley.session.Json;
import dev.parley.session.Profile;
import dev.parley.session.Session;
import dev.parley.session.Stamped;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Converts a {@link Profile} to the attributes of an item and back. The item of a head must already
 * contain the times of the session. A stamp is left out if it is the usual one: the time of the
 * last activity for user and channel, which turns repeat; the time of the start for attributes and
 * user data, which come with the first turn. An item without these times contains all stamps.
 */
public final class ProfileAttributes {

    /** The name of the stamp that states when the attributes were last cleared. */
    private static final String CLEARED = "cleared";

    private ProfileAttributes() {}

    static void put(Map<String, AttributeValue> item, Profile profile) {
        Map<String, AttributeValue> stamps = new HashMap<>();
        put(item, stamps, SessionTable.USER_ID, profile.userId());
        put(item, stamps, SessionTable.CHANNEL, profile.channel());
        put(item, stamps, SessionTable.ATTRIBUTES, profile.attributes());
        put(item, stamps, SessionTable.USER_DATA, profile.userData());
        Instant clearedAt = profile.clearedAt();
        if (clearedAt != null) {
            stamps.put(CLEARED, time(clearedAt));
        }
        if (!stamps.isEmpty()) {
            item.put(SessionTable.STAMPS, AttributeValue.fromM(stamps));
        }
    }

    static Profile of(Map<String, AttributeValue> item) {
        Map<String, AttributeValue> stamps = map(item, SessionTable.STAMPS);
        return new Profile(
                stamped(item, stamps, SessionTable.USER_ID),
                stamped(item, stamps, SessionTable.CHANNEL),
                time(stamps, CLEARED),
                stampedValues(item, stamps, SessionTable.ATTRIBUTES),
                stampedValues(item, stamps, SessionTable.USER_DATA));
    }

    /** Returns the bytes of an item that the profile takes, with all stamps. */
    public static int size(Profile profile) {
        Map<String, AttributeValue> share = new HashMap<>();
        put(share, profile);
        return ItemSize.of(share);
    }

    private static void put(
            Map<String, AttributeValue> item,
            Map<String, AttributeValue> stamps,
            String name,
            @Nullable Stamped<String> stamped) {
        String value = stamped == null ? null : stamped.value();
        if (stamped != null && value != null) {
            item.put(name, text(value));
            if (!stamped.at().equals(time(item, SessionTable.LAST_ACTIVITY_AT))) {
                stamps.put(name, time(stamped.at()));
            }
        }
    }

    private static void put(
            Map<String, AttributeValue> item,
            Map<String, AttributeValue> stamps,
            String name,
            Map<String, Stamped<Json>> stamped) {
        SortedMap<String, Json> values = Session.values(stamped);
        if (!values.isEmpty()) {
            item.put(name, text(ExactJson.object(values).text()));
        }
        Instant usualStamp = time(item, SessionTable.STARTED_AT);
        Map<String, AttributeValue> times = new HashMap<>();
        stamped.forEach(
                (key, value) -> {
                    if (value.value() == null || !value.at().equals(usualStamp)) {
                        times.put(key, time(value.at()));
                    }
                });
        if (!times.isEmpty()) {
            stamps.put(name, AttributeValue.fromM(times));
        }
    }

    private static @Nullable Stamped<String> stamped(
            Map<String, AttributeValue> item, Map<String, AttributeValue> stamps, String name) {
        String value = text(item, name).orElse(null);
        Instant explicit = time(stamps, name);
        Instant at = explicit == null ? time(item, SessionTable.LAST_ACTIVITY_AT) : explicit;
        return value == null || at == null ? null : new Stamped<>(value, at);
    }

    private static Map<String, Stamped<Json>> stampedValues(
            Map<String, AttributeValue> item, Map<String, AttributeValue> stamps, String name) {
        Map<String, Json> values =
                text(item, name)
                        .map(json -> ExactJson.members(ExactJson.readObject(json)))
                        .orElse(Map.of());
        Map<String, AttributeValue> times = map(stamps, name);
        Instant usualStamp = time(item, SessionTable.STARTED_AT);
        Map<String, Stamped<Json>> stamped = new HashMap<>();
        Stream.concat(values.keySet().stream(), times.keySet().stream())
                .distinct()
                .forEach(
                        key -> {
                            Instant explicit = time(times, key);
                            Instant at = explicit == null ? usualStamp : explicit;
                            if (at != null) {
                                stamped.put(key, new Stamped<>(values.get(key), at));
                            }
                        });
        return stamped;
    }
}
