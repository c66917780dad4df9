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
 * Tests secrets that contain special characters: a quotation mark for Kafka, which parses a
 * password out of a list of options, or <code>${</code> for Quarkus, which takes it for a
 * reference. The service refuses such a setting, and its message does not contain the secret.
 */
class InvalidSecretsTest {

    private static final String LOGIN_TEMPLATE =
            "org.apache.kafka.common.security.plain.PlainLoginModule required"
                    + " username=\"parley\" password=\"%s\";";

    private static final List<String> LOGIN_PROPERTIES =
            List.of(
                    "kafka.sasl.jaas.config",
                    "KAFKA_SASL_JAAS_CONFIG",
                    "mp.messaging.connector.smallrye-kafka.sasl.jaas.config",
                    "mp.messaging.incoming.turns.sasl.jaas.config",
                    "mp.messaging.outgoing.dead-letters.sasl.jaas.config");

    private static final List<String> SECRET_PROPERTIES =
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
    void login_withAnUnescapedPassword_isRefusedWithoutQuotingIt(String password) {
        for (String name : LOGIN_PROPERTIES) {
            assertRefusedWithoutQuoting(name, Map.of(name, LOGIN_TEMPLATE.formatted(password)));
        }
        assertRefusedWithoutQuoting(
                "kafka.sasl.jaas.config",
                Map.of(
                        "kafka.sasl.jaas.config",
                        LOGIN_TEMPLATE.formatted("${KAFKA_PASSWORD}"),
                        "KAFKA_PASSWORD",
                        password));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a${MARK}b", "${MARK}", "${MARK${MARK}}", "${MARK::MARK}"})
    void secret_withAnInvalidReference_isRefusedWithoutQuotingIt(String secret) {
        for (String name : SECRET_PROPERTIES) {
            assertRefusedWithoutQuoting(name, Map.of(name, secret));
        }
        assertRefusedWithoutQuoting(
                "kafka.sasl.jaas.config",
                Map.of(
                        "kafka.sasl.jaas.config",
                        LOGIN_TEMPLATE.formatted("${KAFKA_PASSWORD}"),
                        "KAFKA_PASSWORD",
                        secret));
    }

    @Test
    void secrets_withEscapedCharacters_areAccepted() {
        String login = LOGIN_TEMPLATE.formatted("a\\\"b\\\\c");

        assertThat(
                        config(Map.of(LOGIN_PROPERTIES.getFirst(), login))
                                .getValue(LOGIN_PROPERTIES.getFirst(), String.class))
                .isEqualTo(login);
        assertThat(
                        config(Map.of(SECRET_PROPERTIES.getFirst(), "a$${b}"))
                                .getValue(SECRET_PROPERTIES.getFirst(), String.class))
                .isEqualTo("a${b}");
    }

    private static void assertRefusedWithoutQuoting(String name, Map<String, String> settings) {
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
