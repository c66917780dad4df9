package dev.parley.session;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Pattern;

/** What a session id may be: free text, within two bounds that the table's key sets. */
public final class SessionId {

    /**
     * In UTF-8. A partition key value ends at 2,048 bytes (<a
     * href="https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html">Constraints</a>);
     * the half leaves room for the suffix of page keys, and then some.
     */
    public static final int MAX_BYTES = 1024;

    private static final Pattern PAGE_KEY = Pattern.compile(".*#p\\d+(\\.\\d+)*", Pattern.DOTALL);

    private SessionId() {}

    /** Why the text can't be a session's id, in words for the one who sent it; empty if it can. */
    public static Optional<String> problemWith(String id) {
        if (id.isEmpty()) {
            return Optional.of("the session id is empty");
        }
        if (id.getBytes(StandardCharsets.UTF_8).length > MAX_BYTES) {
            return Optional.of("the session id is longer than " + MAX_BYTES + " bytes");
        }
        if (id.equals(".") || id.equals("..")) {
            return Optional.of("the session id is . or .., which no URL can hold");
        }
        if (PAGE_KEY.matcher(id).matches()) {
            return Optional.of("the session id ends like the key of a page (#p and a number)");
        }
        return Optional.empty();
    }

    static void requireValid(String id) {
        problemWith(id)
                .ifPresent(
                        problem -> {
                            throw new IllegalArgumentException(problem);
                        });
    }
}
