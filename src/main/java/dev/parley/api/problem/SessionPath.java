package dev.parley.api.problem;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLDecoder;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.Set;

/**
 * Refuses paths that name a session but could be read as the path of another session. Quarkus REST
 * cuts off what follows a semicolon in a segment, and the router resolves dot segments, encoded or
 * not, before a resource sees the id.
 */
final class SessionPath {

    private static final String SESSIONS = "sessions";
    private static final Set<String> DOTS = Set.of(".", "..");
    private static final Set<String> BELOW_A_SESSION = Set.of("turns", "events");

    private SessionPath() {}

    /**
     * Returns why it is unclear which session is meant, in words for the client; empty if it is
     * clear, or if no session is meant.
     *
     * @param path the path as it is in the request line, without the query
     */
    static Optional<String> problemWith(String path) {
        Deque<String> resolved = new ArrayDeque<>();
        boolean emptyId = false;
        for (String segment : path.split("/", -1)) {
            String name = decoded(segment);
            boolean ofSessions = SESSIONS.equals(resolved.peekFirst());
            if ((ofSessions && segment.indexOf(';') >= 0) || name.startsWith(SESSIONS + ";")) {
                return Optional.of("the path has a semicolon: write a literal ; as %3B");
            }
            if (DOTS.contains(name)) {
                if (ofSessions && (resolved.size() == 1 || !segment.equals(name))) {
                    return Optional.of("no session has the id . or .., even if it is encoded");
                }
                if (name.equals("..")) {
                    resolved.pollLast();
                }
            } else if (!segment.isEmpty()) {
                if (emptyId && BELOW_A_SESSION.contains(name)) {
                    return Optional.of("the session id is empty");
                }
                resolved.addLast(name);
            }
            emptyId = segment.isEmpty() && ofSessions && resolved.size() == 1;
        }
        return Optional.empty();
    }

    /** Decodes a segment that is known to be UTF-8. A plus sign stays a plus sign. */
    private static String decoded(String segment) {
        return segment.indexOf('%') < 0
                ? segment
                : URLDecoder.decode(segment.replace("+", "%2B"), UTF_8);
    }
}
