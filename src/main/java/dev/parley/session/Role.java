package dev.parley.session;

import java.util.Locale;
import java.util.Optional;

/** Who speaks in a turn. */
public enum Role {
    USER,
    ASSISTANT,
    SYSTEM,
    TOOL;

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
