package dev.parley.ingest;

import io.quarkus.runtime.configuration.ConfigurationException;
import io.smallrye.config.ConfigSourceInterceptor;
import io.smallrye.config.ConfigSourceInterceptorContext;
import io.smallrye.config.ConfigValue;
import io.smallrye.config.Priorities;
import jakarta.annotation.Priority;
import java.util.Locale;
import java.util.Map;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.SaslConfigs;
import org.apache.kafka.common.config.types.Password;
import org.apache.kafka.common.security.JaasContext;

/**
 * Validates the logins of Kafka's clients before the clients read them. If a password contains a
 * quote that is not escaped, Kafka takes the rest of the password for something else. Kafka's error
 * message, in the log, would then contain that part of the password.
 */
@Priority(Priorities.APPLICATION + 1)
public class KafkaLogins implements ConfigSourceInterceptor {

    private static final long serialVersionUID = 1;

    @Override
    public ConfigValue getValue(ConfigSourceInterceptorContext context, String name) {
        ConfigValue value = context.proceed(name);
        if (value != null && value.getValue() != null && isLogin(name)) {
            requireReadable(name, value.getValue());
        }
        return value;
    }

    /**
     * Returns whether the name is that of a login: of all clients or of one channel, as a property
     * or as an environment variable.
     */
    private static boolean isLogin(String name) {
        return name.toLowerCase(Locale.ROOT)
                .replace('_', '.')
                .endsWith(SaslConfigs.SASL_JAAS_CONFIG);
    }

    private static void requireReadable(String name, String login) {
        try {
            JaasContext.loadClientContext(
                    Map.of(SaslConfigs.SASL_JAAS_CONFIG, new Password(login)));
        } catch (IllegalArgumentException | KafkaException e) {
            // The cause is left out, because its message may contain a part of the password.
            throw new ConfigurationException(
                    name
                            + " is not a login that Kafka's client can read. A login consists of the"
                            + " login module's class, \"required\", options such as name=\"value\","
                            + " and a semicolon. Write \\\" for \" in a value, and \\\\ for \\.");
        }
    }
}
