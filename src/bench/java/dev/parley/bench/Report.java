package dev.parley.bench;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What was measured, as a file of JSON that later runs complete: each replaces the groups that it
 * measures anew and leaves the others.
 *
 * @param machine that of the last run
 * @param groups by name
 */
record Report(Machine machine, Map<String, Measured> groups) {

    private static final ObjectMapper JSON =
            JsonMapper.builder()
                    .findAndAddModules()
                    .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
                    .enable(SerializationFeature.INDENT_OUTPUT)
                    .defaultPropertyInclusion(
                            JsonInclude.Value.construct(
                                    JsonInclude.Include.NON_ABSENT, JsonInclude.Include.NON_ABSENT))
                    .build();

    /** What is in that file, or nothing yet. */
    static Report read(Path file) throws IOException {
        return Files.exists(file)
                ? JSON.readValue(file.toFile(), Report.class)
                : new Report(Machine.here(), Map.of());
    }

    void write(Path file) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        Files.writeString(file, JSON.writeValueAsString(this) + "\n");
    }

    /**
     * The same with one group more, or measured anew.
     *
     * @param order of all groups
     */
    Report with(String name, Measured measured, Iterable<String> order) {
        Map<String, Measured> all = new LinkedHashMap<>();
        for (String each : order) {
            Optional.ofNullable(each.equals(name) ? measured : groups.get(each))
                    .ifPresent(group -> all.put(each, group));
        }
        return new Report(Machine.here(), all);
    }

    Optional<Row> row(String key) {
        return groups.values().stream()
                .flatMap(group -> group.rows().stream())
                .filter(row -> row.key().equals(key))
                .findFirst();
    }

    /** The table, and below it of what machine and how. */
    String markdown() {
        List<String> lines = new ArrayList<>(List.of("| | measured | goal |", "|---|---|---|"));
        groups.values().forEach(group -> group.rows().forEach(row -> lines.add(row.markdown())));
        lines.add("");
        lines.add("On " + machine + ". Medians, with extremes in brackets; by group:");
        lines.add("");
        groups.forEach(
                (name, group) -> lines.add("- `%s`: %s".formatted(name, group.circumstances())));
        return String.join("\n", lines) + "\n";
    }
}
