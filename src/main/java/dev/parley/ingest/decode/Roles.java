package dev.parley.ingest.decode;

import dev.parley.session.Role;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/** Maps the roles of platforms to those of Parley. */
final class Roles {

    private static final Pattern JOINTS = Pattern.compile("[_ -]");

    /**
     * The roles by their names in lower case, without the characters that join the parts of a name.
     */
    private static final Map<String, Role> BY_WORD =
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

    static Role of(String word) {
        return Role.of(word).orElseGet(() -> ofBare(bare(word)));
    }

    private static Role ofBare(String word) {
        return Role.of(word).orElseGet(() -> BY_WORD.getOrDefault(word, Role.OTHER));
    }

    private static String bare(String word) {
        return JOINTS.matcher(word.strip().toLowerCase(Locale.ROOT)).replaceAll("");
    }
}
