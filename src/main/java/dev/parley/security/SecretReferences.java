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
 * Keeps to itself what a secret refers to in vain. A password that has <code>${</code> in it is
 * taken for a reference to another property, and what Quarkus would say of it, in the log, is the
 * part of the password behind that.
 *
 * <p>It stands before what looks references up. Which properties are secrets is told by their
 * names, rather too many of them: others lose no more than a part of a message.
 */
@Priority(Priorities.APPLICATION)
public class SecretReferences implements ConfigSourceInterceptor {

    private static final long serialVersionUID = 1;

    /** Of properties, and of variables of the environment. */
    private static final Pattern SECRET =
            Pattern.compile("(?i)pass|secret|jaas|token|credential|key|private|user");

    @Override
    public ConfigValue getValue(ConfigSourceInterceptorContext context, String name) {
        if (!SECRET.matcher(name).find()) {
            return context.proceed(name);
        }
        ConfigValue value;
        try {
            value = context.proceed(name);
        } catch (NoSuchElementException | IllegalArgumentException e) {
            // Without the cause: it is what must not be told.
            throw unresolved(name);
        }
        if (value != null && value.hasProblems()) {
            throw unresolved(name);
        }
        return value;
    }

    private static ConfigurationException unresolved(String name) {
        return new ConfigurationException(
                name
                        + " refers by ${…} to a property that isn't there, itself or in what it"
                        + " refers to; a $ that stands for itself is written $$");
    }
}
