package dev.parley.api;

import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The media types that a client accepts, by its header {@code Accept} (<a
 * href="https://www.rfc-editor.org/rfc/rfc9110.html#section-12.5.1">RFC 9110, 12.5.1</a>). For each
 * type, the range that names it most precisely counts, and a weight of 0 refuses it. Quarkus REST
 * serves a type that is refused.
 */
final class AcceptedTypes {

    private static final String WEIGHT = "q";

    /** A media type, or a range of media types, and its weight, from 0 to 1. */
    private record Range(MediaType type, double weight) {

        boolean covers(MediaType offered) {
            return type.isCompatible(offered);
        }

        /**
         * Returns how precisely the range names a type: 0 for any type, 1 for any subtype, 2 for
         * one type.
         */
        int precision() {
            return type.isWildcardType() ? 0 : type.isWildcardSubtype() ? 1 : 2;
        }
    }

    private final List<Range> ranges;

    private AcceptedTypes(List<Range> ranges) {
        this.ranges = ranges;
    }

    /**
     * Parses the header. Without it, or if it contains no media type, the client accepts anything.
     */
    static AcceptedTypes of(HttpHeaders headers) {
        List<String> values = headers.getRequestHeader(HttpHeaders.ACCEPT);
        return new AcceptedTypes(
                values == null
                        ? List.of()
                        : values.stream()
                                .flatMap(value -> Arrays.stream(value.split(",", -1)))
                                .map(String::strip)
                                .filter(part -> !part.isEmpty())
                                .flatMap(part -> range(part).stream())
                                .toList());
    }

    private static Optional<Range> range(String text) {
        try {
            MediaType type = MediaType.valueOf(text);
            return Optional.of(new Range(type, weight(type.getParameters().get(WEIGHT))));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** Returns the weight; 1 if it is absent or not a number. */
    private static double weight(@Nullable String text) {
        if (text == null) {
            return 1;
        }
        try {
            double weight = Double.parseDouble(text);
            return Double.isNaN(weight) ? 1 : weight;
        } catch (NumberFormatException e) {
            return 1;
        }
    }

    /**
     * Returns the offered type with the greatest weight. If several have the same weight, it is the
     * one that is named most precisely, then the one that is offered first. Empty if none is
     * accepted.
     */
    Optional<MediaType> best(List<MediaType> offered) {
        if (ranges.isEmpty()) {
            return offered.stream().findFirst();
        }
        record Choice(MediaType type, Range range) {}
        List<Choice> accepted = new ArrayList<>();
        for (MediaType type : offered) {
            range(type)
                    .filter(range -> range.weight() > 0)
                    .ifPresent(range -> accepted.add(new Choice(type, range)));
        }
        return accepted.stream()
                .sorted(
                        Comparator.comparing(
                                Choice::range,
                                Comparator.comparingDouble(Range::weight)
                                        .thenComparingInt(Range::precision)
                                        .reversed()))
                .findFirst()
                .map(Choice::type);
    }

    private Optional<Range> range(MediaType offered) {
        Stream<Range> covering = ranges.stream().filter(range -> range.covers(offered));
        return covering.max(
                Comparator.comparingInt(Range::precision).thenComparingDouble(Range::weight));
    }
}
