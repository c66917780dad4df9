package dev.parley.session;

import java.util.Locale;
import java.util.Optional;

/**
 * Who speaks in a turn. The order of the constants is the natural order of roles in an exchange. It
 * orders turns that have the same time and the same sequence.
 */
public enum Role {
    /** The instructions, which come before all else. */
    SYSTEM,
    USER,
    /** The result of a tool, which the assistant uses for its answer. */
    TOOL,
    ASSISTANT,
    /** A human who answers in place of the assistant. */
    AGENT,
    /** Any other role. The turn's metadata keeps the platform's word for it. */
    OTHER;

    private final String wireName = name().toLowerCase(Locale.ROOT);

    /** Returns the name in events, items and views: {@code user}, {@code assistant}, … */
    public String wireName() {
        return wireName;
    }

    /** Returns the role with that wire name, exactly as written; empty for any other text. */
    public static Optional<Role> of(String wireName) {
        for (Role role : values()) {
            if (role.wireName.equals(wireName)) {
                return Optional.of(role);
            }
        }
        return Optional.empty();
    }
}
