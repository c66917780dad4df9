package dev.parley.bench;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a run is told by system properties.
 *
 * @param groups of rows to measure; all if there are none
 * @param warmUp before anything counts, in CPU time of the service
 * @param rounds of each figure
 * @param records of the long backlog
 * @param jvm more options for the service's JVM, such as one that records a profile
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

    boolean wants(String group) {
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
