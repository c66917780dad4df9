package dev.parley.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.quarkus.runtime.configuration.ConfigurationException;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.List;
import java.util.Map;
import org.assertj.core.util.Throwables;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Passwords that mean something to those who read them: to Kafka, which takes them from among other
 * options, and to Quarkus, which takes <code>${</code> for a reference. Whoever starts the service
 * sees what they make of it.
 */
class MisreadSecretsTest {

    private static final String LOGIN =
            "org.apache.kafka.common.security.plain.PlainLoginModule required"
                    + " username=\"parley\" password=\"%s\";";

    private static final List<String> LOGINS =
            List.of(
                    "kafka.sasl.jaas.config",
                    "KAFKA_SASL_JAAS_CONFIG",
                    "mp.messaging.connector.smallrye-kafka.sasl.jaas.config",
                    "mp.messaging.incoming.turns.sasl.jaas.config",
                    "mp.messaging.outgoing.dead-letters.sasl.jaas.config");

    private static final List<String> SECRETS =
            List.of(
                    "kafka.ssl.truststore.password",
                    "kafka.ssl.keystore.key",
                    "KAFKA_PASSWORD",
                    "parley.api.token-key",
                    "quarkus.oidc.credentials.secret",
                    "quarkus.oidc.page.credentials.secret",
                    "quarkus.oidc.page.token-state-manager.encryption-secret",
                    "quarkus.dynamodb.aws.credentials.static-provider.secret-access-key",
                    "AWS_SESSION_TOKEN");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "MARK\"MARK",
                "\"MARK",
                "a\" MARK",
                "a\" MARK MARK=",
                "a\"; MARK",
                "a\"; MARK MARK",
                "a\"; MARK required x=\"MARK",
                "MARK\\",
                "MARK\n\"MARK",
                "MARK\"//MARK",
                "MARK\"/*MARK",
            })
    void login_thatKafkaMisreads_isRefusedWithoutWhatItSays(String password) {
        for (String name : LOGINS) {
            assertRefusedQuietly(name, Map.of(name, LOGIN.formatted(password)));
        }
        assertRefusedQuietly(
                "kafka.sasl.jaas.config",
                Map.of(
                        "kafka.sasl.jaas.config",
                        LOGIN.formatted("${KAFKA_PASSWORD}"),
                        "KAFKA_PASSWORD",
                        password));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a${MARK}b", "${MARK}", "${MARK${MARK}}", "${MARK::MARK}"})
    void secret_thatIsTakenForAReference_isRefusedWithoutWhatItSays(String secret) {
        for (String name : SECRETS) {
            assertRefusedQuietly(name, Map.of(name, secret));
        }
        assertRefusedQuietly(
                "kafka.sasl.jaas.config",
                Map.of(
                        "kafka.sasl.jaas.config",
                        LOGIN.formatted("${KAFKA_PASSWORD}"),
                        "KAFKA_PASSWORD",
                        secret));
    }

    @Test
    void login_thatIsEscaped_isTaken() {
        String login = LOGIN.formatted("a\\\"b\\\\c");

        assertThat(
                        config(Map.of(LOGINS.getFirst(), login))
                                .getValue(LOGINS.getFirst(), String.class))
                .isEqualTo(login);
        assertThat(
                        config(Map.of(SECRETS.getFirst(), "a$${b}"))
                                .getValue(SECRETS.getFirst(), String.class))
                .isEqualTo("a${b}");
    }

    private static void assertRefusedQuietly(String name, Map<String, String> settings) {
        Throwable failure =
                catchThrowable(() -> config(settings).getOptionalValue(name, String.class));

        assertThat(failure).isInstanceOf(ConfigurationException.class);
        assertThat(Throwables.getStackTrace(failure)).contains(name).doesNotContain("MARK");
    }

    private static SmallRyeConfig config(Map<String, String> settings) {
        return new SmallRyeConfigBuilder()
                .addDefaultInterceptors()
                .addDiscoveredInterceptors()
                .withSources(new PropertiesConfigSource(settings, "test", 300))
                .build();
    }
}
