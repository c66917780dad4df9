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
 * Reads the logins of Kafka's clients before they do. Where a password has a quote in it that isn't
 * escaped, the rest of it is taken for something else, and Kafka's message, in the log, would say
 * for what.
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

    /** Of all clients or of a channel, as a property or as a variable of the environment. */
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
            // Without the cause: it is what must not be told.
            throw new ConfigurationException(
                    name
                            + " is no login that Kafka's client can read. It is: the login module's"
                            + " class, \"required\", options as in name=\"value\", and a semicolon;"
                            + " in a value, \" is written \\\" and \\ is written \\\\");
        }
    }
}
