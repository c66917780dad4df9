package dev.parley.api;

import jakarta.ws.rs.core.EntityTag;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The version of a resource, as an entity tag. The tag is weak: a compressed response means the
 * same as an uncompressed one, but their bytes differ. Quarkus REST compares tags byte by byte, so
 * it takes {@code W/"1"} and lists of tags for other versions.
 */
record Version(String text) {

    private static final String ANY = "*";
    private static final Pattern TAG = Pattern.compile("(?:W/)?\"([^\"]*)\"");

    EntityTag tag() {
        return new EntityTag(text, true);
    }

    /**
     * Returns the response to a client that has this version, or that requires another one (<a
     * href="https://www.rfc-editor.org/rfc/rfc9110.html#section-13.2.2">RFC 9110, 13.2.2</a>);
     * empty if the client is to get what it requested.
     */
    Optional<Response.ResponseBuilder> conditionalResponse(HttpHeaders headers) {
        List<String> only = headers.getRequestHeader(HttpHeaders.IF_MATCH);
        if (isGiven(only) && !isAny(only)) {
            // The header matches strong tags only, and there are none.
            return Optional.of(Response.status(Response.Status.PRECONDITION_FAILED));
        }
        List<String> known = headers.getRequestHeader(HttpHeaders.IF_NONE_MATCH);
        return isGiven(known) && (isAny(known) || isAmong(known))
                ? Optional.of(Response.notModified())
                : Optional.empty();
    }

    private static boolean isGiven(@Nullable List<String> header) {
        return header != null && !header.isEmpty();
    }

    private static boolean isAny(List<String> header) {
        return header.stream().map(String::strip).anyMatch(ANY::equals);
    }

    /** Returns whether the header contains this version, by weak comparison. */
    private boolean isAmong(List<String> header) {
        return header.stream()
                .flatMap(value -> TAG.matcher(value).results())
                .map((MatchResult tag) -> tag.group(1))
                .anyMatch(text::equals);
    }
}
