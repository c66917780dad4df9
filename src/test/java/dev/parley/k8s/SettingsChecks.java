package dev.parley.k8s;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.parley.docs.Documents;
import dev.parley.docs.ParleyProperties;
import io.smallrye.config.ConfigValidationException;
import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import software.amazon.awssdk.core.SdkSystemSetting;

/** Checks that the settings of the pod exist, have valid values and fit together. */
final class SettingsChecks {

    private static final Path PROPERTIES = Path.of("src/main/resources/application.properties");
    private static final Pattern DOCUMENTED = Pattern.compile("`(quarkus\\.[a-z.-]+)`");
    private static final Pattern REFERENCE = Pattern.compile("\\$\\{([A-Z_]+)}");
    private static final int ENVIRONMENT_ORDINAL = 300;
    private static final int APPLICATION_ORDINAL = 250;

    /**
     * Settings that must have their default, so that the documents are correct for each overlay.
     */
    private static final List<String> UNCHANGED =
            List.of(
                    "mp.messaging.incoming.turns.topic",
                    "mp.messaging.incoming.turns.group.id",
                    "mp.messaging.outgoing.dead-letters.topic",
                    "parley.table.name",
                    "parley.ingest.drain-timeout");

    private SettingsChecks() {}

    static List<String> problems(Manifests manifests) {
        Findings found = new Findings();
        Set<String> known = known();
        Map<String, String> settings = manifests.settings();
        Set<String> referred =
                settings.values().stream()
                        .flatMap(value -> REFERENCE.matcher(value).results())
                        .map(match -> match.group(1))
                        .collect(Collectors.toSet());
        names(manifests).stream()
                .filter(name -> !known.contains(name) && !referred.contains(name))
                .forEach(name -> found.require(false, "unknown setting " + name));
        checkStart(manifests, found);
        SmallRyeConfig service = service(manifests);
        checkUnchanged(service, found);
        checkReaders(service, found);
        return found.problems();
    }

    private static void checkStart(Manifests manifests, Findings found) {
        try {
            ParleyProperties.mappedBy(configuration(manifests)).build();
        } catch (ConfigValidationException e) {
            found.require(false, "Parley would not start: " + e.getMessage());
        }
    }

    private static void checkUnchanged(SmallRyeConfig service, Findings found) {
        Map<String, String> defaults = defaults();
        for (String name : UNCHANGED) {
            String value = service.getConfigValue(name).getValue();
            found.require(
                    defaults.get(name) != null && defaults.get(name).equals(value),
                    name + " is '" + value + "' instead of '" + defaults.get(name) + "'");
        }
        found.require(
                service.getOptionalValue("kafka.bootstrap.servers", String.class).isPresent(),
                "kafka.bootstrap.servers is not set");
    }

    /** Reading without a token is allowed only on DynamoDB Local. */
    private static void checkReaders(SmallRyeConfig service, Findings found) {
        boolean anonymous = service.getValue("parley.security.anonymous", Boolean.class);
        boolean local =
                service.getOptionalValue("quarkus.dynamodb.endpoint-override", String.class)
                        .isPresent();
        boolean provider =
                service.getOptionalValue("quarkus.oidc.auth-server-url", String.class).isPresent();
        found.require(
                anonymous != provider,
                "either anonymous reading or an OpenID provider must be configured");
        found.require(!anonymous || local, "reading is anonymous on a DynamoDB that is not local");
    }

    /** The environment variables of the container, by name. */
    static Set<String> names(Manifests manifests) {
        Set<String> names = new HashSet<>(manifests.settings().keySet());
        names.addAll(Manifests.texts(manifests.container().path("env"), "name"));
        return names;
    }

    /** The configuration of the service in the pod. */
    static SmallRyeConfig service(Manifests manifests) {
        return configuration(manifests).build();
    }

    private static SmallRyeConfigBuilder configuration(Manifests manifests) {
        return new SmallRyeConfigBuilder()
                .addDefaultInterceptors()
                .addDiscoveredConverters()
                .withProfile("prod")
                .withSources(
                        new EnvConfigSource(manifests.settings(), ENVIRONMENT_ORDINAL),
                        new PropertiesConfigSource(defaults(), "defaults", APPLICATION_ORDINAL));
    }

    private static Set<String> known() {
        Stream<String> kafka =
                Stream.concat(
                                ConsumerConfig.configNames().stream(),
                                ProducerConfig.configNames().stream())
                        .map(name -> "kafka." + name);
        Stream<String> documented =
                DOCUMENTED.matcher(Documents.all()).results().map(match -> match.group(1));
        Stream<String> own = ParleyProperties.withDefaults().keySet().stream();
        Set<String> known =
                Stream.of(own, application().keySet().stream(), kafka, documented)
                        .flatMap(names -> names)
                        .map(name -> name.replaceAll("[^A-Za-z0-9]", "_").toUpperCase(Locale.ROOT))
                        .collect(Collectors.toSet());
        Stream.of(SdkSystemSetting.values())
                .forEach(setting -> known.add(setting.environmentVariable()));
        known.add("JAVA_TOOL_OPTIONS");
        return known;
    }

    private static Map<String, String> defaults() {
        Map<String, String> defaults = new HashMap<>(ParleyProperties.withDefaults());
        defaults.values().remove("none");
        defaults.putAll(application());
        return defaults;
    }

    private static Map<String, String> application() {
        try (Reader reader = Files.newBufferedReader(PROPERTIES, UTF_8)) {
            Properties properties = new Properties();
            properties.load(reader);
            return properties.stringPropertyNames().stream()
                    .collect(Collectors.toMap(name -> name, properties::getProperty));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
