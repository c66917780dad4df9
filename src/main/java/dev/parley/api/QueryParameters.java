package dev.parley.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.parley.api.problem.Problems;
import dev.parley.session.Consistency;
import dev.parley.session.Session;
import dev.parley.session.TimeRange;
import io.netty.handler.codec.http.QueryStringDecoder;
import jakarta.ws.rs.core.UriInfo;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The query parameters of a request. A parameter that is misspelt, repeated or out of its range is
 * a problem that states what would be correct: a filter that silently has no effect is worse than
 * no filter.
 */
final class QueryParameters {

    /** The longest user id or channel. Ingestion does not accept longer ones. */
    private static final int MAX_NAME_LENGTH = Session.MAX_USER_ID_LENGTH;

    /**
     * The years of RFC 3339. Java supports more years, but not always a day before or after them.
     */
    private static final TimeRange YEARS =
            new TimeRange(
                    Instant.parse("0000-01-01T00:00:00Z"), Instant.parse("+10000-01-01T00:00:00Z"));

    private static final List<String> LIST_PARAMETERS =
            List.of("userId", "channel", "status", "from", "to", "order");

    /** More parameters than any valid request has. */
    private static final int MAX_PARAMETERS = 1_024;

    private final Map<String, List<String>> values;

    private QueryParameters(Map<String, List<String>> values) {
        this.values = values;
    }

    /**
     * Parses the query of a request.
     *
     * @param known the names of the parameters that the operation supports
     */
    static QueryParameters of(UriInfo uri, String... known) {
        Map<String, List<String>> values = parseQuery(uri.getRequestUri().getRawQuery());
        Set<String> names = new TreeSet<>(List.of(known));
        for (Map.Entry<String, List<String>> parameter : values.entrySet()) {
            if (!names.contains(parameter.getKey())) {
                throw Problems.badRequest(
                        "the query parameter is unknown; this operation supports: "
                                + String.join(", ", names));
            }
            if (parameter.getValue().size() > 1) {
                throw Problems.badRequest(parameter.getKey() + " is given more than once");
            }
        }
        return new QueryParameters(values);
    }

    /**
     * Parses the query with Netty, as Vert.x does, except that a semicolon does not end a parameter
     * here.
     */
    private static Map<String, List<String>> parseQuery(@Nullable String query) {
        return query == null
                ? Map.of()
                : new QueryStringDecoder(query, UTF_8, false, MAX_PARAMETERS, true).parameters();
    }

    Optional<String> text(String name) {
        return Optional.ofNullable(values.get(name)).map(List::getFirst);
    }

    /** Returns the id of a user or the name of a channel. */
    Optional<String> name(String parameter) {
        Optional<String> name = text(parameter);
        name.filter(text -> text.isEmpty() || text.length() > MAX_NAME_LENGTH)
                .ifPresent(
                        text -> {
                            throw Problems.badRequest(
                                    "%s must have 1 to %d characters"
                                            .formatted(parameter, MAX_NAME_LENGTH));
                        });
        return name;
    }

    /** Returns one of the constants, by its name in lower case. */
    <E extends Enum<E>> Optional<E> choice(String name, Class<E> type) {
        return text(name).map(value -> constant(name, value, type));
    }

    private static <E extends Enum<E>> E constant(String name, String value, Class<E> type) {
        List<E> all = List.of(type.getEnumConstants());
        return all.stream()
                .filter(constant -> lowerCase(constant).equals(value))
                .findFirst()
                .orElseThrow(
                        () ->
                                Problems.badRequest(
                                        name
                                                + " must be "
                                                + String.join(
                                                        " or ",
                                                        all.stream()
                                                                .map(QueryParameters::lowerCase)
                                                                .toList())));
    }

    private static String lowerCase(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    Consistency consistency() {
        return choice("consistent", Flag.class).orElse(Flag.FALSE) == Flag.TRUE
                ? Consistency.STRONG
                : Consistency.EVENTUAL;
    }

    private enum Flag {
        TRUE,
        FALSE
    }

    /** Returns a time that has an offset, or the beginning of a day in UTC. */
    Optional<Instant> time(String name) {
        return text(name).map(value -> time(name, value));
    }

    private static Instant time(String name, String value) {
        Instant time = parseTime(name, value);
        if (!YEARS.contains(time)) {
            throw Problems.badRequest(name + " must be in the years 0000 to 9999, in UTC");
        }
        return time;
    }

    private static Instant parseTime(String name, String value) {
        try {
            return value.length() == "2026-11-22".length()
                    ? LocalDate.parse(value).atStartOfDay(ZoneOffset.UTC).toInstant()
                    : OffsetDateTime.parse(value).toInstant();
        } catch (DateTimeException e) {
            throw Problems.badRequest(
                    name
                            + " must be a time with an offset, such as 2026-11-22T10:15:30Z, or a"
                            + " day, such as 2026-11-22; write a + in it as %2B");
        }
    }

    /** Returns the range from {@code from} to {@code to}, which default to the given times. */
    TimeRange range(Instant earliest, Instant latest) {
        Instant from = time("from").orElse(earliest);
        Instant to = time("to").orElse(latest);
        if (to.isBefore(from)) {
            throw Problems.badRequest("from must not be later than to");
        }
        return new TimeRange(from, to);
    }

    /** Returns the limit, or the maximum if the limit is greater. */
    int limit(int defaultLimit, int maximum) {
        return number("limit", defaultLimit, maximum);
    }

    /** Returns a positive number, or the maximum if the number is greater. */
    int number(String name, int defaultNumber, int maximum) {
        return text(name).map(value -> number(name, value, maximum)).orElse(defaultNumber);
    }

    private static int number(String name, String value, int maximum) {
        boolean digits = !value.isEmpty() && value.chars().allMatch(c -> c >= '0' && c <= '9');
        String significant = value.replaceFirst("^0+", "");
        if (!digits || significant.isEmpty()) {
            throw Problems.badRequest(name + " must be a whole number, 1 or more");
        }
        return significant.length() > Integer.toString(maximum).length()
                ? maximum
                : Math.min(maximum, Integer.parseInt(significant));
    }

    /**
     * Returns the scope in which a page token of this request is valid: the path, and all
     * parameters that determine the list.
     */
    String tokenScope(String path) {
        StringBuilder query = new StringBuilder(path);
        for (String name : LIST_PARAMETERS) {
            text(name)
                    .ifPresent(value -> query.append('\n').append(name).append(' ').append(value));
        }
        return query.toString();
    }
}
