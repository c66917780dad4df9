package dev.parley.session;

import java.util.Locale;
import java.util.Optional;

/**
 * Who speaks in a turn. The order of the constants is the natural order of roles in an exchange: it
 * decides between turns of one moment, where nothing else does.
 */
public enum Role {
    /** The instructions, which stand before all else. */
    SYSTEM,
    USER,
    /** What a tool gave back; the assistant answers with it. */
    TOOL,
    ASSISTANT,
    /** A human who answers in place of the assistant. */
    AGENT,
    /** Whoever it was: the platform's word for the role is kept in the turn's metadata. */
    OTHER;

    private final String wireName = name().toLowerCase(Locale.ROOT);

    /** The name in events, items and views: {@code user}, {@code assistant}, … */
    public String wireName() {
        return wireName;
    }

    /** The role of that wire name, exactly as written; empty for any other text. */
    public static Optional<Role> of(String wireName) {
        for (Role role : values()) {
            if (role.wireName.equals(wireName)) {
                return Optional.of(role);
            }
        }
        return Optional.empty();
    }
}
