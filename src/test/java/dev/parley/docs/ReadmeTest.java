package dev.parley.docs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.dynamodb.ItemAsPrinted;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the README says of the code, held against the code. */
public class ReadmeTest {

    private static final Pattern PROPERTY =
            Pattern.compile("\\| `(parley\\.[a-z.-]+)` \\| `?(none|[^`]*)`? \\|");
    private static final Pattern PROJECT_FOLDER = Pattern.compile("(?m)^  ([a-z0-9]+)/ ");

    @Test
    void configuration_isToldWithItsDefaults() throws IOException {
        Map<String, String> told = new HashMap<>();
        PROPERTY.matcher(readme())
                .results()
                .forEach(match -> told.put(match.group(1), match.group(2)));

        assertThat(told).isEqualTo(OwnProperties.withDefaults());
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
                        "web",
                        "json",
                        "local",
                        "chaos",
                        "k8s",
                        "image",
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

    public static String readme() throws IOException {
        return Files.readString(Path.of("README.md"));
    }
}
