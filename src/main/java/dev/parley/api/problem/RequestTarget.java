package dev.parley.api.problem;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.Optional;

/** Validates what a client requests, as it is in the request line. */
final class RequestTarget {

    private RequestTarget() {}

    /**
     * Returns why it is unclear what is requested, in words for the client; empty if it is clear.
     */
    static Optional<String> problemWith(String target) {
        if (target.chars().anyMatch(c -> c > 0x7e)) {
            return Optional.of(
                    "the request's target is not ASCII: encode other characters as UTF-8, and"
                            + " write each byte as %XX");
        }
        if (target.indexOf('#') >= 0) {
            return Optional.of("the request's target has a fragment: write a literal # as %23");
        }
        if (!isUri(target)) {
            return Optional.of(
                    "the request's target is not a URI: write characters that a URI can't contain"
                            + " as %XX");
        }
        if (!isUtf8(target)) {
            return Optional.of("the request's target is not UTF-8 once it is decoded");
        }
        return Optional.empty();
    }

    private static boolean isUri(String target) {
        try {
            new URI(target);
            return true;
        } catch (URISyntaxException e) {
            return false;
        }
    }

    /**
     * Returns whether the target is UTF-8 once it is decoded. Otherwise U+FFFD would replace
     * whatever can't be decoded, and different ids would become the same.
     */
    private static boolean isUtf8(String target) {
        if (target.indexOf('%') < 0) {
            return true;
        }
        try {
            byte[] bytes = URLDecoder.decode(target, ISO_8859_1).getBytes(ISO_8859_1);
            UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }
}
