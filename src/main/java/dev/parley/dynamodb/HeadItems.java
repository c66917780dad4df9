package dev.parley.dynamodb;

import static dev.parley.dynamodb.Attributes.map;
import static dev.parley.dynamodb.Attributes.number;
import static dev.parley.dynamodb.Attributes.text;
import static dev.parley.dynamodb.Attributes.time;

import dev.parley.json.ExactJson;
import dev.parley.session.Counters;
import dev.parley.session.Counters.Latency;
import dev.parley.session.Json;
import dev.parley.session.Profile;
import dev.parley.session.Role;
import dev.parley.session.Session;
import dev.parley.session.Stamped;
import dev.parley.session.Usage;
import java.time.Instant;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** {@link SessionHead} ⇄ item, by hand: absent means absent, and no value is ever NULL. */
final class HeadItems {

    private final Retention retention;
    private final int dayShards;

    HeadItems(Retention retention, int dayShards) {
        this.retention = retention;
        this.dayShards = dayShards;
    }

    Map<String, AttributeValue> toItem(String sessionId, SessionHead head) {
        Map<String, AttributeValue> item = new HashMap<>();
        item.put(SessionTable.SESSION_ID, text(sessionId));
        item.put(SessionTable.VERSION, number(head.version()));
        putTimes(item, sessionId, head);
        putProfile(item, head.profile());
        putCounters(item, head.counters());
        if (!head.turns().isEmpty()) {
            item.put(SessionTable.TURNS, text(TurnLines.encode(head.turns())));
        }
        return item;
    }

    static SessionHead toHead(Map<String, AttributeValue> item) {
        return new SessionHead(
                number(item, SessionTable.VERSION),
                time(item, SessionTable.DELETED_AT),
                time(item, SessionTable.AS_OF),
                time(item, SessionTable.ENDED_AT),
                profile(item),
                counters(item),
                TurnLines.decode(text(item, SessionTable.TURNS).orElse("")));
    }

    /** Bytes, as DynamoDB counts them. */
    int size(String sessionId, SessionHead head) {
        return ItemSize.of(toItem(sessionId, head));
    }

    /** Bytes of the profile's share of the item. */
    int profileSize(Profile profile) {
        Map<String, AttributeValue> share = new HashMap<>();
        putProfile(share, profile);
        return ItemSize.of(share);
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
        put(item, SessionTable.AS_OF, head.asOf());
        put(item, SessionTable.ENDED_AT, head.endedAt());
        put(item, SessionTable.DELETED_AT, head.deletedAt());
        retention
                .expiryOf(head)
                .ifPresent(at -> item.put(SessionTable.EXPIRES_AT, number(wholeSeconds(at))));
    }

    /** Rounded up: nothing may go before its time. DynamoDB's expiry takes whole seconds only. */
    private static long wholeSeconds(Instant at) {
        return at.getNano() == 0 ? at.getEpochSecond() : at.getEpochSecond() + 1;
    }

    private static void put(Map<String, AttributeValue> item, String name, @Nullable Instant at) {
        if (at != null) {
            item.put(name, time(at));
        }
    }

    private static void putProfile(Map<String, AttributeValue> item, Profile profile) {
        Map<String, AttributeValue> stamps = new HashMap<>();
        put(item, stamps, SessionTable.USER_ID, profile.userId());
        put(item, stamps, SessionTable.CHANNEL, profile.channel());
        put(item, stamps, SessionTable.ATTRIBUTES, profile.attributes());
        put(item, stamps, SessionTable.USER_DATA, profile.userData());
        if (!stamps.isEmpty()) {
            item.put(SessionTable.STAMPS, AttributeValue.fromM(stamps));
        }
    }

    private static void put(
            Map<String, AttributeValue> item,
            Map<String, AttributeValue> stamps,
            String name,
            @Nullable Stamped<String> value) {
        if (value != null && value.value() != null) {
            item.put(name, text(value.value()));
            stamps.put(name, time(value.at()));
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
        if (!stamped.isEmpty()) {
            Map<String, AttributeValue> times = new HashMap<>();
            stamped.forEach((key, value) -> times.put(key, time(value.at())));
            stamps.put(name, AttributeValue.fromM(times));
        }
    }

    private static void putCounters(Map<String, AttributeValue> item, Counters counters) {
        if (counters.turns() == 0) {
            return;
        }
        Map<String, AttributeValue> byRole = new HashMap<>();
        counters.turnsByRole().forEach((role, turns) -> byRole.put(role.wireName(), number(turns)));
        item.put(SessionTable.TURNS_BY_ROLE, AttributeValue.fromM(byRole));
        if (!counters.usage().equals(Usage.NONE)) {
            item.put(
                    SessionTable.USAGE,
                    AttributeValue.fromM(
                            Map.of(
                                    "inputTokens", number(counters.usage().inputTokens()),
                                    "outputTokens", number(counters.usage().outputTokens()))));
        }
        Latency latency = counters.latency();
        if (latency.count() > 0) {
            item.put(
                    SessionTable.LATENCY,
                    AttributeValue.fromM(
                            Map.of(
                                    "count", number(latency.count()),
                                    "sumMs", number(latency.sumMs()),
                                    "maxMs", number(latency.maxMs()))));
        }
        if (counters.errors() > 0) {
            item.put(SessionTable.ERROR_COUNT, number(counters.errors()));
        }
    }

    private static Profile profile(Map<String, AttributeValue> item) {
        Map<String, AttributeValue> stamps = map(item, SessionTable.STAMPS);
        return new Profile(
                stamped(item, stamps, SessionTable.USER_ID),
                stamped(item, stamps, SessionTable.CHANNEL),
                stampedValues(item, stamps, SessionTable.ATTRIBUTES),
                stampedValues(item, stamps, SessionTable.USER_DATA));
    }

    private static @Nullable Stamped<String> stamped(
            Map<String, AttributeValue> item, Map<String, AttributeValue> stamps, String name) {
        Instant at = time(stamps, name);
        return at == null ? null : new Stamped<>(text(item, name).orElse(null), at);
    }

    private static Map<String, Stamped<Json>> stampedValues(
            Map<String, AttributeValue> item, Map<String, AttributeValue> stamps, String name) {
        Map<String, Json> values =
                text(item, name)
                        .map(json -> ExactJson.members(ExactJson.readObject(json)))
                        .orElse(Map.of());
        Map<String, AttributeValue> times = map(stamps, name);
        Map<String, Stamped<Json>> stamped = new HashMap<>();
        for (String key : times.keySet()) {
            Instant at = Optional.ofNullable(time(times, key)).orElseThrow();
            stamped.put(key, new Stamped<>(values.get(key), at));
        }
        return stamped;
    }

    private static Counters counters(Map<String, AttributeValue> item) {
        Map<Role, Long> byRole = new EnumMap<>(Role.class);
        Map<String, AttributeValue> stored = map(item, SessionTable.TURNS_BY_ROLE);
        for (Role role : Role.values()) {
            if (stored.containsKey(role.wireName())) {
                byRole.put(role, number(stored, role.wireName()));
            }
        }
        Map<String, AttributeValue> usage = map(item, SessionTable.USAGE);
        Map<String, AttributeValue> latency = map(item, SessionTable.LATENCY);
        return new Counters(
                byRole,
                new Usage(number(usage, "inputTokens"), number(usage, "outputTokens")),
                new Latency(
                        number(latency, "count"),
                        number(latency, "sumMs"),
                        number(latency, "maxMs")),
                number(item, SessionTable.ERROR_COUNT));
    }
}
