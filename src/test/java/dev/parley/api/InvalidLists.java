package dev.parley.api;

import static dev.parley.api.InvalidRequest.call;
import static dev.parley.api.InvalidRequest.get;

import java.util.List;
import java.util.stream.Stream;

/** Invalid requests for lists and statistics: times, time ranges, names and choices. */
final class InvalidLists {

    private static final String TIME_RULE = "must be a time with an offset";
    private static final String YEAR_RULE = "must be in the years 0000 to 9999";
    private static final String MORE_THAN_ONCE = "is given more than once";
    private static final String NAME_RULE = "must have 1 to 512 characters";
    private static final String LIMIT_RULE = "limit must be a whole number, 1 or more";

    private InvalidLists() {}

    /** Returns requests that get a problem. */
    static List<InvalidRequest> invalid() {
        return Stream.of(times(), ranges(), names(), choices()).flatMap(List::stream).toList();
    }

    private static List<InvalidRequest> times() {
        return List.of(
                get("/sessions?from=").is(400, "from " + TIME_RULE),
                get("/sessions?to=yesterday").is(400, "to " + TIME_RULE),
                get("/sessions?from=2026-11-22T10:15:30").is(400, "from " + TIME_RULE),
                get("/sessions?from=2026-11-22T10:15:30+01:00").is(400, "write a + in it as %2B"),
                get("/sessions?from=1794000000").is(400, "from " + TIME_RULE),
                get("/sessions?from=2026-1-2").is(400, "from " + TIME_RULE),
                get("/sessions?from=2026-02-30").is(400, "from " + TIME_RULE),
                get("/sessions?to=2026-11-22T24:00:00Z").is(400, "to " + TIME_RULE),
                get("/sessions?to=2026-11-22T10:15:60Z").is(400, "to " + TIME_RULE),
                get("/sessions?to=2016-12-31T23:59:60Z").is(400, "to " + TIME_RULE),
                get("/sessions?to=2026-11-22T10:15:30%2B18:01").is(400, "to " + TIME_RULE),
                get("/sessions?to=2026-11-22T10:15:30Z%00").is(400, "to " + TIME_RULE),
                get("/sessions?to=%D9%A2%D9%A0%D9%A2%D9%A6-11-22").is(400, "to " + TIME_RULE),
                get("/sessions?to=%2B999999999-12-31T23:59:59Z").is(400, "to " + YEAR_RULE),
                get("/sessions?to=%2B999999999-12-31T23:59:59-18:00").is(400, "to " + YEAR_RULE),
                get("/sessions?to=-999999999-01-01T00:00:00%2B18:00").is(400, "to " + YEAR_RULE),
                get("/sessions?to=-999999999-01-01").is(400, "to " + TIME_RULE),
                get("/sessions?to=0000-01-01T00:00:00%2B18:00").is(400, "to " + YEAR_RULE),
                get("/sessions?to=9999-12-31T23:59:59-18:00").is(400, "to " + YEAR_RULE),
                get("/sessions?userId=api&from=-0001-12-31T00:00:00Z").is(400, "from " + YEAR_RULE),
                get("/sessions/api-1/turns?from=now").is(400, "from " + TIME_RULE),
                get("/sessions/api-1/turns?to=%2B1000000000-01-01T00:00:00Z").is(400, TIME_RULE),
                get("/sessions/api-1/turns?to=%2B10000-01-01T00:00:00Z").is(400, YEAR_RULE),
                get("/sessions/api-1/turns?from=1e9").is(400, "from " + TIME_RULE),
                get("/sessions/api-1/events?from=2026-11-31").is(400, "from " + TIME_RULE),
                get("/sessions/api-1/events?from=-999999999-01-01T00:00:00Z").is(400, YEAR_RULE),
                get("/stats?from=2026").is(400, "from " + TIME_RULE),
                get("/stats?to=%2B999999999-12-31T23:59:59Z").is(400, "to " + YEAR_RULE),
                get("/stats?to=-999999999-01-01T00:00:00%2B18:00").is(400, "to " + YEAR_RULE));
    }

    private static List<InvalidRequest> ranges() {
        String order = "from must not be later than to";
        return List.of(
                get("/sessions?from=2026-11-23&to=2026-11-22").is(400, order),
                get("/sessions?userId=api&from=2026-11-23&to=2026-11-22").is(400, order),
                get("/sessions?from=9999-12-31").is(400, order),
                get("/sessions?from=2001-01-01").is(400, "more than 366 days apart"),
                get("/sessions?from=2024-01-01&to=2025-01-02").is(400, "more than 366 days apart"),
                get("/sessions?from=2000-01-01&channel=c").is(400, "unless userId is given"),
                get("/sessions?from=0000-01-01&to=9999-12-31").is(400, "366 days"),
                get("/sessions/api-1/turns?from=2026-11-23&to=2026-11-22").is(400, order),
                get("/stats?from=2026-11-23&to=2026-11-22").is(400, order),
                get("/stats?from=2001-01-01&to=2001-01-09").is(400, "more than 7 days apart"),
                get("/stats?from=2001-01-01").is(400, "every session in that time is read"),
                get("/stats?from=0000-01-01&to=9999-12-31").is(400, "more than 7 days apart"),
                get("/sessions?limit=0").is(400, LIMIT_RULE),
                get("/sessions?limit=").is(400, LIMIT_RULE),
                get("/sessions?limit=-1").is(400, LIMIT_RULE),
                get("/sessions?limit=+5").is(400, LIMIT_RULE),
                get("/sessions?limit=00").is(400, LIMIT_RULE),
                get("/sessions?limit=0x10").is(400, LIMIT_RULE),
                get("/sessions?limit=-99999999999999999999").is(400, LIMIT_RULE),
                get("/sessions/api-1/turns?limit=").is(400, LIMIT_RULE),
                get("/sessions/api-1/turns?limit=+7").is(400, LIMIT_RULE));
    }

    private static List<InvalidRequest> names() {
        String long513 = "x".repeat(513);
        return List.of(
                get("/sessions?userId=").is(400, "userId " + NAME_RULE),
                get("/sessions?userId").is(400, "userId " + NAME_RULE),
                get("/sessions?userId=" + long513).is(400, "userId " + NAME_RULE),
                get("/sessions?userId=" + "%F0%9F%99%8C".repeat(257))
                        .is(400, "userId " + NAME_RULE),
                get("/sessions?channel=").is(400, "channel " + NAME_RULE),
                get("/sessions?channel=" + long513).is(400, "channel " + NAME_RULE),
                get("/stats?channel=").is(400, "channel " + NAME_RULE),
                get("/stats?channel=" + long513).is(400, "channel " + NAME_RULE),
                get("/sessions?userId=%ff").is(400, "not UTF-8"),
                get("/sessions?channel=%ED%A0%80").is(400, "not UTF-8"),
                get("/sessions?userId=a&userId=b").is(400, "userId " + MORE_THAN_ONCE),
                get("/sessions?userId=a&userId=a").is(400, "userId " + MORE_THAN_ONCE),
                get("/stats?by=channel&by=channel").is(400, "by " + MORE_THAN_ONCE),
                get("/sessions?user=a").is(400, "supports: channel, from, limit, pageToken"),
                get("/sessions?userid=a").is(400, "the query parameter is unknown"),
                get("/sessions?userId%00=a").is(400, "the query parameter is unknown"),
                get("/sessions/api-1?unknown=1").is(400, "supports: consistent, recent, turns"),
                get("/sessions/api-1/turns?turns=none").is(400, "supports: consistent, from"),
                get("/sessions/api-1/events?order=asc").is(400, "supports: from"),
                get("/stats?userId=a").is(400, "supports: by, channel, from, interval, to"));
    }

    private static List<InvalidRequest> choices() {
        return List.of(
                get("/sessions?status=OPEN").is(400, "status must be open or ended"),
                get("/sessions?status=").is(400, "status must be open or ended"),
                get("/sessions?status=closed").is(400, "status must be open or ended"),
                get("/sessions?status=open,ended").is(400, "status must be open or ended"),
                get("/stats?interval=minute").is(400, "interval must be hour or day"),
                get("/stats?interval=1").is(400, "interval must be hour or day"),
                get("/stats?by=user").is(400, "by must be channel"),
                get("/stats?by=").is(400, "by must be channel"),
                get("/sessions/api-1?consistent=yes").is(400, "consistent must be true or false"),
                get("/sessions/api-1/turns?consistent=1").is(400, "consistent must be true"),
                get("/sessions/api-1?consistent").is(400, "consistent must be true or false"));
    }

    /** Returns requests that are unusual, but clear. They get the stated status. */
    static List<InvalidRequest> unusual() {
        return List.of(
                get("/sessions/api-2/events?from=2026-11-22").with("Last-Event-ID:").is(200),
                get("/sessions/api-2/events?from=9999-12-31").is(200),
                get("/sessions/api-2/events?from=0000-01-01").is(200),
                get("/sessions?userId=%00").is(200),
                get("/sessions?userId=api-user&=&&").is(200),
                get("/sessions/api-1/turns").with("Accept: ,").is(200),
                get("/sessions?userId=" + "%F0%9F%99%8C".repeat(256)).is(200),
                get("/sessions?userId=api-user&from=0000-01-01&to=9999-12-31").is(200),
                get("/sessions?userId=api-user&limit=99999999999999999999").is(200),
                get("/sessions?userId=api-user&limit=0000000000000000000001").is(200),
                get("/sessions?from=0000-01-01&to=0000-01-02").is(200),
                get("/sessions?to=0000-01-01").is(200),
                get("/sessions?to=9999-12-31T23:59:59.999999999Z").is(200),
                get("/sessions?from=2026-11-22&to=2026-11-22").is(200),
                get("/sessions?from=2026-11-22T10:00:00%2B18:00&to=2026-11-22T10:00:00-18:00")
                        .is(200),
                get("/sessions?channel=%F0%9F%99%8C&to=2001-01-01").is(200),
                get("/sessions/api-1/turns?from=0000-01-01&to=9999-12-31").is(200),
                get("/sessions/api-1/turns?from=2026-11-22&to=2026-11-22").is(200),
                get("/sessions/api-1/turns?consistent=true").is(200),
                get("/sessions/api-1/turns").with("Accept: application/x-ndjson").is(200),
                get("/sessions/api-1/turns").with("Accept: application/*").is(200),
                get("/stats?from=0000-01-01&to=0000-01-01T00:00:01Z").is(200),
                get("/stats?to=9999-12-31T23:59:59.999999999Z").is(200),
                get("/stats?from=2001-01-01&to=2001-01-01").is(200),
                get("/stats?from=2001-01-01&to=2001-01-02&interval=day&by=channel&channel=c")
                        .is(200),
                call("HEAD", "/sessions?userId=api-user").is(200),
                call("HEAD", "/sessions/api-1/turns").is(200),
                call("HEAD", "/sessions/api-1/events").is(200),
                call("HEAD", "/stats?from=2001-01-01&to=2001-01-01").is(200),
                call("OPTIONS", "/sessions").is(200),
                call("OPTIONS", "/stats").is(200));
    }
}
