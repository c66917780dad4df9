package dev.parley.bench;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a run is told by system properties.
 *
 * @param rows the groups of rows to measure
 * @param warmUp before anything counts, in CPU time of the service
 * @param rounds of each figure
 * @param records of the long backlog
 * @param jvm more options for the service's JVM, such as one that records a profile
 * @param service more configuration of the service, by property name
 */
record BenchSettings(
        Set<String> rows,
        Duration warmUp,
        int rounds,
        int records,
        List<String> jvm,
        Map<String, String> service) {

    static BenchSettings read() {
        return new BenchSettings(
                Set.copyOf(
                        words(
                                "parley.bench",
                                ",",
                                "plan,sessions,catchup,reads,stub,backlog,start")),
                Duration.parse("PT" + System.getProperty("parley.bench.warm-up", "30s")),
                Integer.getInteger("parley.bench.rounds", 5),
                Integer.getInteger("parley.bench.records", 2_000_000),
                words("parley.bench.jvm", " ", ""),
                pairs(words("parley.bench.service", " ", "")));
    }

    private static List<String> words(String name, String separator, String otherwise) {
        String text = System.getProperty(name, "");
        return List.of((text.isBlank() ? otherwise : text).split(separator)).stream()
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
