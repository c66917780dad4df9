package dev.parley.security;

import io.quarkus.runtime.configuration.ConfigurationException;
import io.smallrye.config.ConfigSourceInterceptor;
import io.smallrye.config.ConfigSourceInterceptorContext;
import io.smallrye.config.ConfigValue;
import io.smallrye.config.Priorities;
import jakarta.annotation.Priority;
import java.util.NoSuchElementException;
import java.util.regex.Pattern;

/**
 * Hides a reference in a secret that can't be resolved. A password that contains <code>${</code> is
 * taken for a reference to another property. Quarkus's error message, in the log, would contain the
 * part of the password that follows.
 *
 * <p>This interceptor comes before the one that resolves references. It recognises secrets by the
 * names of their properties, and prefers to treat too many properties as secrets: other properties
 * only lose a part of an error message.
 */
@Priority(Priorities.APPLICATION)
public class SecretReferences implements ConfigSourceInterceptor {

    private static final long serialVersionUID = 1;

    /** Parts of the names of secrets, which are properties or environment variables. */
    private static final Pattern SECRET =
            Pattern.compile("(?i)pass|secret|jaas|token|credential|key|private|user");

    @Override
    public ConfigValue getValue(ConfigSourceInterceptorContext context, String name) {
        ConfigValue value;
        try {
            value = context.proceed(name);
        } catch (NoSuchElementException | IllegalArgumentException e) {
            if (!isSecret(name)) {
                throw e;
            }
            // The cause is left out, because its message may contain a part of the secret.
            throw unresolved(name);
        }
        if (value != null && value.hasProblems() && isSecret(name)) {
            throw unresolved(name);
        }
        return value;
    }

    /**
     * Returns whether the property is a secret. This is for failures only: a start makes 2,200
     * lookups, and matching all names was 13 % of the work of a native start.
     */
    private static boolean isSecret(String name) {
        return SECRET.matcher(name).find();
    }

    private static ConfigurationException unresolved(String name) {
        return new ConfigurationException(
                name
                        + " contains a reference ${…} to a property that does not exist, or refers"
                        + " to a property that contains one; write a literal $ as $$");
    }
}
