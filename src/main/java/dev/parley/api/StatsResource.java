package dev.parley.api;

import dev.parley.api.problem.Problems;
import dev.parley.security.Callers;
import dev.parley.session.TimeRange;
import dev.parley.session.Totals;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/** Serves statistics by the hour or the day, in UTC, in which sessions started. */
@Audited
@Path("/stats")
@Produces(MediaType.APPLICATION_JSON)
public class StatsResource {

    private static final Duration DEFAULT_RANGE = Duration.ofDays(1);

    /** How many hours are counted at the same time. */
    private static final int CONCURRENCY = 4;

    private final Callers callers;
    private final HourlyTotals hours;
    private final ApiConfig config;
    private final Clock clock;

    StatsResource(Callers callers, HourlyTotals hours, ApiConfig config, Clock clock) {
        this.callers = callers;
        this.hours = hours;
        this.config = config;
        this.clock = clock;
    }

    private enum Interval {
        HOUR(ChronoUnit.HOURS),
        DAY(ChronoUnit.DAYS);

        private final ChronoUnit unit;

        Interval(ChronoUnit unit) {
            this.unit = unit;
        }

        Instant startOf(Instant moment) {
            return moment.truncatedTo(unit);
        }

        /** Returns the whole intervals that overlap a range. */
        TimeRange around(TimeRange range) {
            Instant to = startOf(range.to());
            return new TimeRange(
                    startOf(range.from()), to.equals(range.to()) ? to : to.plus(1, unit));
        }

        Stream<Instant> startsIn(TimeRange range) {
            return Stream.iterate(
                    range.from(),
                    start -> start.isBefore(range.to()),
                    start -> start.plus(1, unit));
        }
    }

    private enum By {
        CHANNEL
    }

    @GET
    public Uni<Response> stats(@Context UriInfo uri) {
        QueryParameters given = QueryParameters.of(uri, "from", "to", "interval", "channel", "by");
        if (!callers.current().seesEverything()) {
            throw Problems.forbidden(
                    "Statistics include the sessions of all users: only a caller who may read all"
                            + " sessions may read them.");
        }
        Interval interval = given.choice("interval", Interval.class).orElse(Interval.HOUR);
        TimeRange window = interval.around(window(given));
        boolean byChannel = given.choice("by", By.class).isPresent();
        Optional<String> channel = given.name("channel");
        return Problems.within(config.statsDeadline(), totals(window))
                .map(
                        totals ->
                                new StatsView(
                                        window.from(),
                                        window.to(),
                                        interval.name().toLowerCase(Locale.ROOT),
                                        interval.startsIn(window)
                                                .flatMap(
                                                        start ->
                                                                items(
                                                                        start,
                                                                        sum(
                                                                                interval, start,
                                                                                totals),
                                                                        channel,
                                                                        byChannel))
                                                .toList()))
                .map(view -> Response.ok(view).cacheControl(Responses.noStore()).build());
    }

    private TimeRange window(QueryParameters given) {
        Instant to = given.time("to").orElseGet(clock::instant);
        TimeRange window = given.range(to.minus(DEFAULT_RANGE), to);
        if (window.length().compareTo(config.statsMaxWindow()) > 0) {
            throw Problems.badRequest(
                    ("from and to must not be more than %d days apart: every session in that"
                                    + " time is read")
                            .formatted(config.statsMaxWindow().toDays()));
        }
        return window;
    }

    /**
     * Returns the totals of the window by hour. Each hour that is not in the cache counts towards
     * the limit of what one request may read.
     */
    private Uni<SortedMap<Instant, Map<Optional<String>, Totals>>> totals(TimeRange window) {
        AtomicLong read = new AtomicLong();
        return Multi.createFrom()
                .items(Interval.HOUR.startsIn(window))
                .onItem()
                .transformToUni(
                        hour -> {
                            boolean cached = hours.isCached(hour);
                            return hours.get(hour)
                                    .invoke(
                                            counted -> {
                                                if (!cached
                                                        && read.addAndGet(
                                                                        HourlyTotals.sessions(
                                                                                counted))
                                                                > config.statsMaxSessions()) {
                                                    throw hours.tooMany();
                                                }
                                            })
                                    .map(counted -> Map.entry(hour, counted));
                        })
                .merge(CONCURRENCY)
                .collect()
                .asMap(Map.Entry::getKey, Map.Entry::getValue)
                .map(TreeMap::new);
    }

    private static Map<Optional<String>, Totals> sum(
            Interval interval,
            Instant start,
            SortedMap<Instant, Map<Optional<String>, Totals>> byHour) {
        Map<Optional<String>, Totals> sum = new HashMap<>();
        byHour.subMap(start, start.plus(1, interval.unit))
                .values()
                .forEach(
                        hour ->
                                hour.forEach(
                                        (channel, totals) ->
                                                sum.merge(channel, totals, Totals::plus)));
        return sum;
    }

    private static Stream<StatsView.Item> items(
            Instant start,
            Map<Optional<String>, Totals> totals,
            Optional<String> channel,
            boolean byChannel) {
        List<Map.Entry<Optional<String>, Totals>> wanted = new ArrayList<>(totals.entrySet());
        wanted.removeIf(each -> channel.isPresent() && !channel.equals(each.getKey()));
        if (byChannel) {
            return wanted.stream()
                    .sorted(Comparator.comparing(each -> each.getKey().orElse("")))
                    .map(
                            each ->
                                    StatsView.Item.of(
                                            start, each.getKey().orElse(null), each.getValue()));
        }
        Totals sum = wanted.stream().map(Map.Entry::getValue).reduce(Totals.NONE, Totals::plus);
        return Stream.of(StatsView.Item.of(start, channel.orElse(null), sum));
    }
}
