package dev.parley.local;

import static dev.parley.support.Timeouts.TIMEOUT;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.common.errors.SaslAuthenticationException;

/** Runs a Kafka broker that requires TLS and a password (SCRAM), as production brokers do. */
public final class SecuredKafka implements AutoCloseable {

    public static final String TOPIC = KafkaServer.TOPIC;
    public static final String DEAD_LETTERS = KafkaServer.DEAD_LETTERS;

    private static final String USER = "parley";
    private static final int ITERATIONS = 4_096;
    private static final String LOGIN = "org.apache.kafka.common.security.scram.ScramLoginModule";

    private final Path keyStore;
    private final String password;
    private final String address;
    private final KafkaServer server;

    private SecuredKafka(Path folder, String password) {
        this.keyStore = SelfSignedCertificate.keyStore(folder);
        this.password = password;
        this.address = "127.0.0.1:" + Ports.free();
        this.server = new KafkaServer(Ports.free(), Ports.free(), folder);
        server.addListener(
                "SASL_SSL://" + address,
                Map.of(
                        "listener.security.protocol.map",
                        "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,SASL_SSL:SASL_SSL",
                        "sasl.enabled.mechanisms",
                        ScramMechanism.SCRAM_SHA_512.mechanismName(),
                        "listener.name.sasl_ssl.scram-sha-512.sasl.jaas.config",
                        LOGIN + " required;",
                        "ssl.keystore.type",
                        "PKCS12",
                        "ssl.keystore.location",
                        keyStore.toString(),
                        "ssl.keystore.password",
                        SelfSignedCertificate.PASSWORD));
    }

    /** Starts a broker whose user has that password. */
    public static SecuredKafka start(Path folder, String password) throws Exception {
        SecuredKafka kafka = new SecuredKafka(folder, password);
        kafka.server.start();
        try (Admin admin =
                Admin.create(Map.of("bootstrap.servers", kafka.server.bootstrapServers()))) {
            ScramCredentialInfo scram =
                    new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, ITERATIONS);
            admin.alterUserScramCredentials(
                            List.of(new UserScramCredentialUpsertion(USER, scram, password)))
                    .all()
                    .get();
        }
        await().atMost(TIMEOUT).until(kafka::acceptsThePassword);
        return kafka;
    }

    /** Tries to sign in. The listener knows the password a little later than the controller. */
    private boolean acceptsThePassword() throws InterruptedException {
        try (Admin client = Admin.create(new HashMap<>(clientSettings()))) {
            client.describeCluster().clusterId().get();
            return true;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof SaslAuthenticationException) {
                return false;
            }
            throw new IllegalStateException(e);
        }
    }

    /** Returns the settings of a client, by the names of Kafka's settings. */
    public Map<String, String> clientSettings() {
        return clientSettings(password);
    }

    /** Returns the settings of a client with another password. */
    public Map<String, String> clientSettings(String clientPassword) {
        return Map.of(
                "bootstrap.servers",
                address,
                "security.protocol",
                "SASL_SSL",
                "sasl.mechanism",
                ScramMechanism.SCRAM_SHA_512.mechanismName(),
                "sasl.jaas.config",
                LOGIN + " required username=\"" + USER + "\" password=\"" + clientPassword + "\";",
                "ssl.truststore.location",
                keyStore.toString(),
                "ssl.truststore.type",
                "PKCS12",
                "ssl.truststore.password",
                SelfSignedCertificate.PASSWORD);
    }

    /** Converts the settings of a client to settings of the service. */
    public static Map<String, String> forService(Map<String, String> clientSettings) {
        Map<String, String> settings = new HashMap<>();
        clientSettings.forEach((name, value) -> settings.put("kafka." + name, value));
        return settings;
    }

    @Override
    public void close() {
        server.stop();
    }
}
