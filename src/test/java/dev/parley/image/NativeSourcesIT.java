package dev.parley.image;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import com.github.luben.zstd.ZstdOutputStreamNoFinalizer;
import java.io.File;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What is got at by name alone is declared to the builder of a native image, or it isn't there: the
 * binary builds, starts, and fails later. Nothing is built here; Quarkus prepares what a builder
 * would be given.
 */
@Tag("deploy")
class NativeSourcesIT {

    private static final Path CLASSES = Path.of("target", "classes");
    private static final String API = "dev.parley.api.";
    private static final String OWN_ARGUMENTS =
            "META-INF/native-image/dev.parley/parley/native-image.properties";
    private static final String AT_RUN_TIME = "--initialize-at-run-time=";

    /** Records of REST that are not made JSON of; any other must be declared. */
    private static final Set<String> NO_JSON =
            Set.of(
                    API + "AcceptedTypes$1Choice",
                    API + "AcceptedTypes$Range",
                    API + "EventsResource$Following",
                    API + "ServerSentEvent",
                    API + "StreamedBody",
                    API + "StreamedBody$Break",
                    API + "StreamedBody$Chunk",
                    API + "Version");

    /** What native code of zstd asks for by name. */
    private static final List<Class<?>> ZSTD_STREAMS =
            List.of(ZstdInputStreamNoFinalizer.class, ZstdOutputStreamNoFinalizer.class);

    private static NativeSources sources = new NativeSources("", List.of());
    private static Reachable reachable = new Reachable();

    @BeforeAll
    static void prepare(@TempDir Path folder) throws Exception {
        sources = NativeSources.prepare(folder);
        reachable = Reachable.of(sources.jars());
    }

    @Test
    void records_thatJsonIsMadeOf_areDeclared() throws Exception {
        List<String> records = recordsOfApi();

        assertThat(records).containsAll(NO_JSON).hasSizeGreaterThan(NO_JSON.size());
        assertThat(records)
                .filteredOn(name -> !NO_JSON.contains(name))
                .allMatch(reachable::hasMethodsOf, "@RegisterForReflection, or in NO_JSON");
    }

    @Test
    void classes_thatTheConfigurationNames_areDeclared() throws Exception {
        assertThat(classesInConfiguration())
                .contains("org.apache.kafka.clients.consumer.CooperativeStickyAssignor")
                .allMatch(reachable::has);
    }

    /** What an operator's configuration makes Kafka look for. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "plain.PlainLoginModule",
                "scram.ScramLoginModule",
                "scram.internals.ScramSaslClient$ScramSaslClientFactory",
                "oauthbearer.OAuthBearerLoginModule",
                "oauthbearer.OAuthBearerLoginCallbackHandler",
                "oauthbearer.internals.OAuthBearerSaslClient$OAuthBearerSaslClientFactory",
                "oauthbearer.internals.OAuthBearerSaslClientCallbackHandler",
                "authenticator.AbstractLogin$DefaultLoginCallbackHandler",
                "authenticator.SaslClientCallbackHandler",
                "authenticator.DefaultLogin"
            })
    void loginOfKafka_isDeclared(String name) {
        assertThat("org.apache.kafka.common.security." + name).matches(reachable::has);
    }

    /** Caffeine names its classes by what a cache is to do; Quarkus declares but some. */
    @Test
    void cacheOfHeads_isDeclared() {
        String cache =
                Caffeine.newBuilder()
                        .maximumWeight(1)
                        .weigher((Object key, Object value) -> 1)
                        .build()
                        .asMap()
                        .getClass()
                        .getName();

        assertThat(cache).matches(reachable::has);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "software.amazon.awssdk.services.sts.internal"
                        + ".StsWebIdentityCredentialsProviderFactory",
                "software.amazon.awssdk.http.urlconnection.UrlConnectionSdkHttpService",
                "software.amazon.awssdk.http.nio.netty.NettySdkAsyncHttpService"
            })
    void credentialsOfAPod_areDeclared(String name) {
        assertThat(name).matches(reachable::has);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "META-INF/services/software.amazon.awssdk.http.SdkHttpService",
                "asyncapi.yaml",
                "META-INF/openapi.yaml",
                "org/xerial/snappy/native/Linux/x86_64/libsnappyjava.so",
                "org/xerial/snappy/native/Linux/aarch64/libsnappyjava.so"
            })
    void resource_isDeclaredAndThere(String name) throws IOException {
        assertThat(name).matches(reachable::hasResource);
        assertThat(entries()).contains(name);
    }

    @Test
    void zstd_isDeclaredAsItsNativeCodeAsksForIt() throws Exception {
        for (Class<?> stream : ZSTD_STREAMS) {
            assertThat(reachable.nativeFieldsOf(stream.getName()))
                    .containsExactlyInAnyOrder("srcPos", "dstPos");
            assertThat(stream.getDeclaredField("srcPos").getType()).isEqualTo(long.class);
            assertThat(stream.getDeclaredField("dstPos").getType()).isEqualTo(long.class);
        }
        assertThat(entries())
                .filteredOn(name -> name.matches("linux/(amd64|aarch64)/libzstd-jni-.*"))
                .hasSize(2)
                .allMatch(reachable::hasResource);
    }

    /**
     * Netty's constants ask the library of zstd, and all of Netty is initialized by the builder.
     */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "com.github.luben.zstd",
                "io.netty.handler.codec.compression.ZstdConstants",
                "io.netty.handler.codec.compression.ZstdOptions"
            })
    void zstd_isInitializedWhereTheImageRuns(String name) throws Exception {
        assertThat(initializedAtRunTime()).contains(name);
    }

    @Test
    void arguments_areThoseOfTheConfiguration() {
        assertThat(sources.arguments())
                .contains("-march=compatibility")
                .contains("-R:MaximumHeapSizePercent=60")
                .contains("-J-Dvertx.disableURIValidation=true")
                .contains("SnappyFeature");
    }

    /** As Parley itself says it. */
    private static List<String> initializedAtRunTime() throws IOException {
        Properties own = new Properties();
        try (Reader file = Files.newBufferedReader(CLASSES.resolve(OWN_ARGUMENTS))) {
            own.load(file);
        }
        return Stream.of(own.getProperty("Args").split(" "))
                .filter(argument -> argument.startsWith(AT_RUN_TIME))
                .flatMap(argument -> Stream.of(argument.substring(AT_RUN_TIME.length()).split(",")))
                .toList();
    }

    private static List<String> recordsOfApi() throws Exception {
        try (Stream<Path> files = Files.walk(CLASSES.resolve(API.replace(".", File.separator)))) {
            return files.map(file -> CLASSES.relativize(file).toString())
                    .filter(name -> name.endsWith(".class"))
                    .map(name -> name.replace(".class", "").replace(File.separator, "."))
                    .filter(NativeSourcesIT::isRecord)
                    .toList();
        }
    }

    private static boolean isRecord(String name) {
        return load(name).map(Class::isRecord).findFirst().orElseThrow();
    }

    private static List<String> classesInConfiguration() throws IOException {
        Properties properties = new Properties();
        try (Reader file = Files.newBufferedReader(CLASSES.resolve("application.properties"))) {
            properties.load(file);
        }
        return properties.values().stream()
                .map(Object::toString)
                .flatMap(NativeSourcesIT::load)
                .map(Class::getName)
                .distinct()
                .toList();
    }

    private static Stream<Class<?>> load(String name) {
        try {
            return Stream.of(Class.forName(name, false, NativeSourcesIT.class.getClassLoader()));
        } catch (ClassNotFoundException e) {
            return Stream.empty();
        }
    }

    private static List<String> entries() throws IOException {
        List<String> names = new ArrayList<>();
        for (Path jar : sources.jars()) {
            try (JarFile file = new JarFile(jar.toFile())) {
                file.stream().forEach(entry -> names.add(entry.getName()));
            }
        }
        return names;
    }
}
