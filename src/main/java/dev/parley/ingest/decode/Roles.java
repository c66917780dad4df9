package dev.parley.ingest.decode;

import dev.parley.session.Role;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/** Maps the roles of platforms to those of Parley. */
final class Roles {

    private static final Pattern SEPARATORS = Pattern.compile("[_ -]");

    /**
     * The roles by their names in lower case, without the characters that join the parts of a name.
     */
    private static final Map<String, Role> BY_NAME =
            Map.ofEntries(
                    Map.entry("developer", Role.SYSTEM),
                    Map.entry("human", Role.USER),
                    Map.entry("function", Role.TOOL),
                    Map.entry("toolresult", Role.TOOL),
                    Map.entry("ai", Role.ASSISTANT),
                    Map.entry("bot", Role.ASSISTANT),
                    Map.entry("model", Role.ASSISTANT),
                    Map.entry("humanagent", Role.AGENT));

    private Roles() {}

    static Role of(String name) {
        return Role.of(name).orElseGet(() -> ofNormalized(normalized(name)));
    }

    private static Role ofNormalized(String name) {
        return Role.of(name).orElseGet(() -> BY_NAME.getOrDefault(name, Role.OTHER));
    }

    private static String normalized(String name) {
        return SEPARATORS.matcher(name.strip().toLowerCase(Locale.ROOT)).replaceAll("");
    }
}
