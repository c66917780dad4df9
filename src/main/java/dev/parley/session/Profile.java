package dev.parley.session;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The data of a session besides its turns: user, channel, attributes and user data, each with the
 * time of the event that set it.
 *
 * <p>Clearing the attributes removes all that were set before that time, including those that
 * arrive later. So the time of the clearing is kept, and older attributes are dropped. An attribute
 * that was set at exactly that time stays.
 *
 * <p>{@link #merge} is commutative, associative and idempotent (see {@link Stamped}). So any order
 * and any number of deliveries give the same profile.
 *
 * @param clearedAt when the attributes were last cleared; null if they never were
 */
public record Profile(
        @Nullable Stamped<String> userId,
        @Nullable Stamped<String> channel,
        @Nullable Instant clearedAt,
        Map<String, Stamped<Json>> attributes,
        Map<String, Stamped<Json>> userData) {

    public static final Profile EMPTY = new Profile(null, null, null, Map.of(), Map.of());

    public Profile {
        attributes = Map.copyOf(attributes);
        userData = Map.copyOf(userData);
    }

    /** Returns this profile with the changes of an event at that time. */
    public Profile merge(Patch patch, Instant at) {
        Instant cleared = patch.clears() ? later(clearedAt, at) : clearedAt;
        return new Profile(
                merge(userId, patch.userId(), at),
                merge(channel, patch.channel(), at),
                cleared,
                since(cleared, merge(attributes, patch.attributes(), at)),
                merge(userData, patch.userData(), at));
    }

    /** Returns both profiles together. */
    public Profile merge(Profile other) {
        Instant cleared = other.clearedAt == null ? clearedAt : later(clearedAt, other.clearedAt);
        return new Profile(
                merge(userId, other.userId),
                merge(channel, other.channel),
                cleared,
                since(cleared, merge(attributes, other.attributes)),
                merge(userData, other.userData));
    }

    /**
     * Returns what {@link #merge} has to add to the other profile, so that the result is this
     * profile. This works only if this one {@link #keepsAllOf keeps all} of the other one.
     */
    public Profile without(Profile other) {
        return new Profile(
                Objects.equals(userId, other.userId) ? null : userId,
                Objects.equals(channel, other.channel) ? null : channel,
                Objects.equals(clearedAt, other.clearedAt) ? null : clearedAt,
                without(attributes, other.attributes),
                without(userData, other.userData));
    }

    /**
     * Returns whether this profile has a value for each value of the other profile. Then nothing
     * was removed, cleared or erased, although values may have been replaced.
     */
    public boolean keepsAllOf(Profile other) {
        return Objects.equals(clearedAt, other.clearedAt)
                && keepsAll(attributes, other.attributes)
                && keepsAll(userData, other.userData);
    }

    private static boolean keepsAll(
            Map<String, Stamped<Json>> values, Map<String, Stamped<Json>> others) {
        return others.entrySet().stream()
                .allMatch(
                        other -> {
                            Stamped<Json> value = values.get(other.getKey());
                            return value != null
                                    && (value.value() != null || other.getValue().value() == null);
                        });
    }

    /** Returns the attributes and the user data, without user and channel. */
    public Profile data() {
        return new Profile(null, null, clearedAt, attributes, userData);
    }

    /** Returns the part of this profile that was set after that moment. */
    public Profile after(Instant moment) {
        return new Profile(
                after(userId, moment),
                after(channel, moment),
                clearedAt != null && clearedAt.isAfter(moment) ? clearedAt : null,
                after(attributes, moment),
                after(userData, moment));
    }

    /**
     * Returns the earliest time of the values that are still valid in this profile; empty for an
     * empty profile.
     */
    public Optional<Instant> earliest() {
        return times().stream().min(Comparator.naturalOrder());
    }

    private List<Instant> times() {
        List<Instant> times = new ArrayList<>();
        Stream.of(attributes, userData)
                .flatMap(values -> values.values().stream())
                .forEach(value -> times.add(value.at()));
        Stream.of(Optional.ofNullable(userId), Optional.ofNullable(channel))
                .forEach(value -> value.ifPresent(known -> times.add(known.at())));
        if (clearedAt != null) {
            times.add(clearedAt);
        }
        return times;
    }

    private static Instant later(@Nullable Instant one, Instant other) {
        return one != null && one.isAfter(other) ? one : other;
    }

    private static Map<String, Stamped<Json>> since(
            @Nullable Instant cleared, Map<String, Stamped<Json>> known) {
        if (cleared == null) {
            return known;
        }
        Map<String, Stamped<Json>> remaining = new TreeMap<>(known);
        remaining.values().removeIf(value -> value.at().isBefore(cleared));
        return remaining;
    }

    private static @Nullable Stamped<String> merge(
            @Nullable Stamped<String> known, @Nullable String value, Instant at) {
        return value == null ? known : Stamped.latest(known, new Stamped<>(value, at));
    }

    private static @Nullable Stamped<String> merge(
            @Nullable Stamped<String> known, @Nullable Stamped<String> other) {
        return other == null ? known : Stamped.latest(known, other);
    }

    private static Map<String, Stamped<Json>> merge(
            Map<String, Stamped<Json>> known, Map<String, Stamped<Json>> other) {
        Map<String, Stamped<Json>> merged = new HashMap<>(known);
        other.forEach((key, value) -> merged.merge(key, value, Stamped::latest));
        return merged;
    }

    private static Map<String, Stamped<Json>> without(
            Map<String, Stamped<Json>> values, Map<String, Stamped<Json>> other) {
        Map<String, Stamped<Json>> remaining = new HashMap<>(values);
        remaining.entrySet().removeIf(each -> each.getValue().equals(other.get(each.getKey())));
        return remaining;
    }

    private static Map<String, Stamped<Json>> merge(
            Map<String, Stamped<Json>> known, Map<String, Optional<Json>> patch, Instant at) {
        if (patch.isEmpty()) {
            return known;
        }
        Map<String, Stamped<Json>> merged = new TreeMap<>(known);
        patch.forEach(
                (key, value) ->
                        merged.put(
                                key,
                                Stamped.latest(
                                        known.get(key), new Stamped<>(value.orElse(null), at))));
        return merged;
    }

    private static @Nullable Stamped<String> after(
            @Nullable Stamped<String> known, Instant moment) {
        return known != null && known.at().isAfter(moment) ? known : null;
    }

    private static Map<String, Stamped<Json>> after(
            Map<String, Stamped<Json>> known, Instant moment) {
        Map<String, Stamped<Json>> remaining = new TreeMap<>(known);
        remaining.values().removeIf(value -> !value.at().isAfter(moment));
        return remaining;
    }
}
