package dev.parley.session;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Pattern;

/** The rules for a session id: free text, within limits that the key of the table and URLs set. */
public final class SessionId {

    /**
     * The longest session id, in bytes of UTF-8. The value of a partition key has at most 2,048
     * bytes (<a
     * href="https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html">Constraints</a>).
     * Half of it leaves more than enough room for the suffix of page keys.
     */
    public static final int MAX_BYTES = 1024;

    private static final Pattern PAGE_KEY = Pattern.compile(".*#p\\d+(\\.\\d+)*", Pattern.DOTALL);
    private static final Pattern PART_KEY = Pattern.compile(".*#part\\d+", Pattern.DOTALL);
    private static final String PROFILE_KEY = "#profile";

    private SessionId() {}

    /** Returns why the text can't be a session id, in words for its sender; empty if it can. */
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
        if (PART_KEY.matcher(id).matches()) {
            return Optional.of("the session id ends like the key of a part (#part and a number)");
        }
        if (id.endsWith(PROFILE_KEY)) {
            return Optional.of("the session id ends like the key of a profile (#profile)");
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
