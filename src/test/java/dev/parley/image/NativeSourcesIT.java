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
 * Tests that everything that is accessed by name only is declared to the native image builder.
 * Without a declaration, the binary is built and starts, but fails later. No image is built here;
 * Quarkus only prepares the input of the builder.
 */
@Tag("deploy")
class NativeSourcesIT {

    private static final Path CLASSES = Path.of("target", "classes");
    private static final String API = "dev.parley.api.";
    private static final String PARLEY_ARGUMENTS =
            "META-INF/native-image/dev.parley/parley/native-image.properties";
    private static final String AT_RUN_TIME = "--initialize-at-run-time=";

    /** Records of the API that are not converted to JSON. All others must be declared. */
    private static final Set<String> NO_JSON =
            Set.of(
                    API + "AcceptedTypes$1Choice",
                    API + "AcceptedTypes$Range",
                    API + "EventsResource$Following",
                    API + "stream.ServerSentEvent",
                    API + "stream.StreamedBody",
                    API + "stream.StreamedBody$Break",
                    API + "stream.StreamedBody$Chunk",
                    API + "Version");

    /** The classes that the native code of zstd accesses by name. */
    private static final List<Class<?>> ZSTD_STREAMS =
            List.of(ZstdInputStreamNoFinalizer.class, ZstdOutputStreamNoFinalizer.class);

    private static NativeSources sources = new NativeSources("", List.of());
    private static ReachabilityMetadata reachable = new ReachabilityMetadata();

    @BeforeAll
    static void prepare(@TempDir Path folder) throws Exception {
        sources = NativeSources.prepare(folder);
        reachable = ReachabilityMetadata.of(sources.jars());
    }

    @Test
    void records_convertedToJson_areDeclared() throws Exception {
        List<String> records = recordsOfApi();

        assertThat(records).containsAll(NO_JSON).hasSizeGreaterThan(NO_JSON.size());
        assertThat(records)
                .filteredOn(name -> !NO_JSON.contains(name))
                .allMatch(
                        reachable::hasMethodsOf,
                        "annotated with @RegisterForReflection, or listed in NO_JSON");
    }

    @Test
    void classes_namedInConfiguration_areDeclared() throws Exception {
        assertThat(classesInConfiguration())
                .contains("org.apache.kafka.clients.consumer.CooperativeStickyAssignor")
                .allMatch(reachable::hasType);
    }

    /** Kafka loads these classes if the operator's configuration requires them. */
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
    void loginClass_ofKafka_isDeclared(String name) {
        assertThat("org.apache.kafka.common.security." + name).matches(reachable::hasType);
    }

    /**
     * Caffeine has one class for each combination of features; Quarkus declares only some of them.
     */
    @Test
    void cacheClass_ofHeadCache_isDeclared() {
        String cache =
                Caffeine.newBuilder()
                        .maximumWeight(1)
                        .weigher((Object key, Object value) -> 1)
                        .build()
                        .asMap()
                        .getClass()
                        .getName();

        assertThat(cache).matches(reachable::hasType);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "software.amazon.awssdk.services.sts.internal"
                        + ".StsWebIdentityCredentialsProviderFactory",
                "software.amazon.awssdk.http.urlconnection.UrlConnectionSdkHttpService",
                "software.amazon.awssdk.http.nio.netty.NettySdkAsyncHttpService"
            })
    void class_forCredentialsOfPod_isDeclared(String name) {
        assertThat(name).matches(reachable::hasType);
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
    void resource_usedAtRunTime_isDeclaredAndPackaged(String name) throws IOException {
        assertThat(name).matches(reachable::hasResource);
        assertThat(entries()).contains(name);
    }

    @Test
    void zstd_fieldsAndLibraries_areDeclared() throws Exception {
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
     * These classes use the native library of zstd. Without the argument, the builder would
     * initialize those of Netty.
     */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "com.github.luben.zstd",
                "io.netty.handler.codec.compression.ZstdConstants",
                "io.netty.handler.codec.compression.ZstdOptions"
            })
    void zstd_usersOfNativeLibrary_areInitializedAtRunTime(String name) throws Exception {
        assertThat(initializedAtRunTime()).contains(name);
    }

    @Test
    void arguments_ofBuilder_areThoseOfConfiguration() {
        assertThat(sources.arguments())
                .contains("-march=compatibility")
                .contains("-R:MaximumHeapSizePercent=60")
                .contains("-J-Dvertx.disableURIValidation=true")
                .contains("SnappyFeature");
    }

    /** Returns the classes and packages that Parley's own arguments name. */
    private static List<String> initializedAtRunTime() throws IOException {
        Properties properties = new Properties();
        try (Reader file = Files.newBufferedReader(CLASSES.resolve(PARLEY_ARGUMENTS))) {
            properties.load(file);
        }
        return Stream.of(properties.getProperty("Args").split(" "))
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
