package dev.parley;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.dynamodb.ItemAsPrinted;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the README says of the code, held against the code. */
class ReadmeTest {

    private static final Pattern PROPERTY =
            Pattern.compile("\\| `(parley\\.[a-z.-]+)` \\| `?(none|[^`]*)`? \\|");
    private static final Pattern PROJECT_FOLDER = Pattern.compile("(?m)^  ([a-z]+)/ ");

    @Test
    void configuration_isToldWithItsDefaults() throws Exception {
        Map<String, String> inCode = new HashMap<>();
        inCode.putAll(properties("dev.parley.dynamodb.TableConfig"));
        inCode.putAll(properties("dev.parley.ingest.IngestConfig"));
        inCode.putAll(properties("dev.parley.api.ApiConfig"));
        inCode.putAll(properties("dev.parley.security.SecurityConfig"));

        Map<String, String> told = new HashMap<>();
        PROPERTY.matcher(readme())
                .results()
                .forEach(match -> told.put(match.group(1), match.group(2)));

        assertThat(told).isEqualTo(inCode);
    }

    @Test
    void projectMap_namesEveryPackage() throws IOException {
        assertThat(PROJECT_FOLDER.matcher(readme()).results().map(match -> match.group(1)))
                .containsExactlyInAnyOrder(
                        "session",
                        "ingest",
                        "dynamodb",
                        "api",
                        "security",
                        "json",
                        "local",
                        "chaos",
                        "bench");
        for (MatchResult folder : PROJECT_FOLDER.matcher(readme()).results().toList()) {
            assertThat(
                            Files.exists(Path.of("src/main/java/dev/parley", folder.group(1)))
                                    || Files.exists(
                                            Path.of("src/test/java/dev/parley", folder.group(1))))
                    .as(folder.group(1))
                    .isTrue();
        }
    }

    /** The few lines of Python, on an item as the AWS command line prints it. */
    @Test
    void item_asTheReadmeSays_isReadWithoutParley() throws Exception {
        String readme = readme();
        int start = readme.indexOf("```python\n") + "```python\n".length();
        String python = readme.substring(start, readme.indexOf("```", start));
        Process process =
                new ProcessBuilder("python3", "-c", python).redirectErrorStream(true).start();

        try (OutputStream in = process.getOutputStream()) {
            in.write(ItemAsPrinted.getItemOutput().getBytes(UTF_8));
        }

        assertThat(new String(process.getInputStream().readAllBytes(), UTF_8))
                .isEqualTo(ItemAsPrinted.LINES);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sessionId",
                "version",
                "userId",
                "channel",
                "startedAt",
                "lastActivityAt",
                "asOf",
                "endedAt",
                "turnsByRole",
                "usage",
                "latency",
                "errorCount",
                "attributes",
                "userData",
                "stamps",
                "amendedAtVersion",
                "turns",
                "dayShard",
                "deletedAt",
                "expiresAt"
            })
    void attribute_ofTheTable_isTold(String attribute) throws IOException {
        String table = readme().substring(readme().indexOf("## The table"));

        assertThat(table).contains("`" + attribute + "`");
    }

    static String readme() throws IOException {
        return Files.readString(Path.of("README.md"));
    }

    private static Map<String, String> properties(String mapping) throws ClassNotFoundException {
        Class<?> type = Class.forName(mapping);
        String prefix = type.getAnnotation(ConfigMapping.class).prefix();
        Map<String, String> properties = new HashMap<>();
        for (Method method : type.getDeclaredMethods()) {
            String name = method.getName().replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
            WithDefault told = method.getAnnotation(WithDefault.class);
            properties.put(prefix + "." + name, told == null ? "none" : told.value());
        }
        return properties;
    }
}
