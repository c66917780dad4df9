package dev.parley.bench;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The settings of a run, from system properties.
 *
 * @param groups the groups of rows to measure; empty for all
 * @param warmUp the warm-up before anything is measured, in CPU time of the service
 * @param rounds the number of rounds of each figure
 * @param records the number of records of the long backlog
 * @param jvm more options for the JVM of the service, such as one that records a profile
 * @param service more configuration of the service, by property name
 */
record BenchSettings(
        Set<String> groups,
        Duration warmUp,
        int rounds,
        int records,
        List<String> jvm,
        Map<String, String> service) {

    static BenchSettings read() {
        return new BenchSettings(
                Set.copyOf(words("parley.bench", ",")),
                Duration.parse("PT" + System.getProperty("parley.bench.warm-up", "20s")),
                Integer.getInteger("parley.bench.rounds", 3),
                Integer.getInteger("parley.bench.records", 200_000),
                words("parley.bench.jvm", " "),
                pairs(words("parley.bench.service", " ")));
    }

    boolean includes(String group) {
        return groups.isEmpty() || groups.contains(group);
    }

    private static List<String> words(String name, String separator) {
        return List.of(System.getProperty(name, "").split(separator)).stream()
                .filter(word -> !word.isBlank())
                .toList();
    }

    private static Map<String, String> pairs(List<String> words) {
        Map<String, String> pairs = new HashMap<>();
        for (String word : words) {
            int equals = word.indexOf('=');
            pairs.put(word.substring(0, equals), word.substring(equals + 1));
        }
        return pairs;
    }
}
