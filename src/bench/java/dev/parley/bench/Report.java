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
 * The figures of all groups, stored as a JSON file. A run replaces the groups that it measures, and
 * keeps the others.
 *
 * @param machine the machine of the last run
 * @param groups the groups by name
 */
record Report(Machine machine, Map<String, MeasuredGroup> groups) {

    private static final ObjectMapper JSON =
            JsonMapper.builder()
                    .findAndAddModules()
                    .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
                    .enable(SerializationFeature.INDENT_OUTPUT)
                    .defaultPropertyInclusion(
                            JsonInclude.Value.construct(
                                    JsonInclude.Include.NON_ABSENT, JsonInclude.Include.NON_ABSENT))
                    .build();

    /** Reads the report from the file. Without a file, the report is empty. */
    static Report read(Path file) throws IOException {
        return Files.exists(file)
                ? JSON.readValue(file.toFile(), Report.class)
                : new Report(Machine.current(), Map.of());
    }

    void write(Path file) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        Files.writeString(file, JSON.writeValueAsString(this) + "\n");
    }

    /**
     * Returns this report with one group added or replaced.
     *
     * @param order the names of all groups in their order
     */
    Report with(String name, MeasuredGroup measured, Iterable<String> order) {
        Map<String, MeasuredGroup> all = new LinkedHashMap<>();
        for (String each : order) {
            Optional.ofNullable(each.equals(name) ? measured : groups.get(each))
                    .ifPresent(group -> all.put(each, group));
        }
        return new Report(Machine.current(), all);
    }

    Optional<Row> row(String key) {
        return groups.values().stream()
                .flatMap(group -> group.rows().stream())
                .filter(row -> row.key().equals(key))
                .findFirst();
    }

    /** Returns the table, and below it the machine and how the groups were measured. */
    String markdown() {
        List<String> lines = new ArrayList<>(List.of("| | measured | goal |", "|---|---|---|"));
        groups.values().forEach(group -> group.rows().forEach(row -> lines.add(row.markdown())));
        lines.add("");
        lines.add(
                "Measured on "
                        + machine
                        + ". The figures are medians, with the extremes in brackets. The groups:");
        lines.add("");
        groups.forEach(
                (name, group) -> lines.add("- `%s`: %s".formatted(name, group.circumstances())));
        return String.join("\n", lines) + "\n";
    }
}
