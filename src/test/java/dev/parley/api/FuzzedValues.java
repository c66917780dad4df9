package dev.parley.api;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;

/** Generates values of parameters that their schemas allow, and values that they don't allow. */
final class FuzzedValues {

    private static final List<String> TEXTS =
            List.of(
                    "a",
                    "s-42",
                    "x/y",
                    "Zoë",
                    "e\u0308",
                    "\u05d0\u05d1",
                    "\ud83d\ude4c",
                    "a b+c",
                    "a;b=c",
                    ";",
                    ".",
                    "..",
                    "a\u0085b",
                    "\u2028",
                    "W/\"1\"",
                    "\"1\", W/\"2\"",
                    "*",
                    "#");

    /** Values that are invalid for almost every parameter. */
    private static final List<String> INVALID =
            List.of(
                    "",
                    " ",
                    "0",
                    "-1",
                    "-9223372036854775809",
                    "99999999999999999999",
                    "1.5",
                    "1e999",
                    "NaN",
                    "0x10",
                    "\u0661",
                    "true",
                    "null",
                    "undefined",
                    "[]",
                    "{\"a\":1}",
                    "x\u0000y",
                    "\r\nX: y",
                    "\u001b[31m",
                    "\ufeff",
                    "\u202e",
                    "'; DROP TABLE --",
                    "<script>",
                    "../../etc/passwd",
                    "%zz",
                    "${jndi:x}",
                    "2026-02-30",
                    "2026-11-22T25:00:00Z",
                    "+999999999-12-31",
                    "-999999999-01-01T00:00:00Z",
                    "0000-00-00",
                    "9999-12-31T23:59:59.999999999Z",
                    "x".repeat(600),
                    "\ud83d\ude4c".repeat(300),
                    "9".repeat(3_000),
                    "y".repeat(20_000));

    private final Random random;
    private final Map<String, List<String>> known = new HashMap<>();

    FuzzedValues(Random random) {
        this.random = random;
    }

    /** Adds a value that the service knows. */
    void addKnown(String parameter, String value) {
        known.computeIfAbsent(parameter, name -> new ArrayList<>()).add(value);
    }

    /** Returns a value that the service knows, or another one that the schema allows. */
    String valid(String name, JsonNode parameter, JsonNode schema) {
        List<String> knownValues = known.getOrDefault(name, List.of());
        if (!knownValues.isEmpty() && random.nextInt(4) > 0) {
            return pick(knownValues);
        }
        if (parameter.has("example") && random.nextBoolean()) {
            return parameter.get("example").asText();
        }
        if (schema.has("enum")) {
            return schema.get("enum").get(random.nextInt(schema.get("enum").size())).asText();
        }
        if (schema.has("anyOf")) {
            JsonNode branches = schema.get("anyOf");
            return valid(name, parameter, branches.get(random.nextInt(branches.size())));
        }
        return switch (schema.path("type").asText("string")) {
            case "integer" -> Long.toString(integer(schema));
            case "number" -> Double.toString(random.nextDouble(1000));
            case "boolean" -> Boolean.toString(random.nextBoolean());
            default -> text(schema.path("format").asText());
        };
    }

    /** Returns a value that the schema does not allow, if there is such a value. */
    String invalid(JsonNode schema) {
        if (schema.has("enum") && random.nextBoolean()) {
            return schema.get("enum").get(0).asText().toUpperCase(Locale.ROOT);
        }
        if (schema.has("maximum") && random.nextInt(4) == 0) {
            return Long.toString(schema.get("maximum").asLong() + 1);
        }
        if (schema.has("minimum") && random.nextInt(4) == 0) {
            return Long.toString(schema.get("minimum").asLong() - 1);
        }
        return pick(INVALID);
    }

    <T> T pick(List<T> values) {
        return values.get(random.nextInt(values.size()));
    }

    private long integer(JsonNode schema) {
        long min = schema.path("minimum").asLong(1);
        long max = schema.path("maximum").asLong(1_000);
        return random.nextLong(min, max + 1);
    }

    private String text(String format) {
        int day = 1 + random.nextInt(28);
        return switch (format) {
            case "date" -> "2026-11-%02d".formatted(day);
            case "date-time" -> "2026-11-%02dT10:00:00Z".formatted(day);
            default -> pick(TEXTS);
        };
    }
}
