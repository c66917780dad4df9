package dev.parley.support;

import static io.restassured.RestAssured.given;

import java.util.HashMap;
import java.util.Map;

/**
 * The metrics of Parley in a response of {@code /q/metrics}: values by name and tags, as Prometheus
 * writes them.
 */
public record Metrics(Map<String, Double> values) {

    private static final String RECORDS = "parley_records_total{outcome=\"";

    public static Metrics now() {
        return of(given().get("/q/metrics").asString());
    }

    public static Metrics of(String text) {
        Map<String, Double> values = new HashMap<>();
        text.lines()
                .filter(line -> line.startsWith("parley_"))
                .forEach(
                        line -> {
                            int space = line.lastIndexOf(' ');
                            values.put(
                                    line.substring(0, space),
                                    Double.parseDouble(line.substring(space + 1)));
                        });
        return new Metrics(values);
    }

    public double value(String name) {
        Double value = values.get(name);
        if (value == null) {
            throw new AssertionError("no metric " + name + " among " + values.keySet());
        }
        return value;
    }

    /**
     * Returns the capacity units that were consumed.
     *
     * @param tag the tag of the metrics to add up, such as {@code kind="read"}
     */
    public double capacityUnits(String tag) {
        return values.entrySet().stream()
                .filter(each -> each.getKey().startsWith("parley_dynamodb_capacity_units_total"))
                .filter(each -> each.getKey().contains(tag))
                .mapToDouble(Map.Entry::getValue)
                .sum();
    }

    /** Returns the number of records by outcome. */
    public Map<String, Double> records() {
        Map<String, Double> records = new HashMap<>();
        values.forEach(
                (name, value) -> {
                    if (name.startsWith(RECORDS)) {
                        records.put(name.substring(RECORDS.length(), name.length() - 2), value);
                    }
                });
        return records;
    }

    public static Map<String, Double> difference(
            Map<String, Double> before, Map<String, Double> after) {
        Map<String, Double> difference = new HashMap<>(after);
        before.forEach((name, value) -> difference.merge(name, -value, Double::sum));
        return difference;
    }
}
