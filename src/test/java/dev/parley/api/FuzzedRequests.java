package dev.parley.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.net.URLEncoder;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Generates requests for the operations of the OpenAPI document, with valid and invalid values of
 * parameters.
 */
final class FuzzedRequests {

    private static final List<String> ACCEPT =
            List.of(
                    "*/*",
                    "application/json",
                    "application/json;q=0.1, text/event-stream",
                    "application/x-ndjson",
                    "application/json;q=0.5, application/x-ndjson",
                    "text/event-stream",
                    "application/problem+json",
                    "text/html",
                    "foo",
                    ";;",
                    "application/json;q=abc",
                    "application/json;q=0",
                    "application/json;q=0, */*;q=0.1",
                    "application/*;q=0, application/json",
                    "text/event-stream;q=0.000, application/x-ndjson;q=0",
                    "*/*;q=0");

    /** Parameters of a path segment, which Quarkus REST cuts off. */
    private static final List<String> MATRIX_PARAMETERS = List.of(";", ";x", ";x=y", ";x=y;z");

    private final Random random;
    private final FuzzedValues values;

    FuzzedRequests(Random random, FuzzedValues values) {
        this.random = random;
        this.values = values;
    }

    InvalidRequest next(GetOperation operation) {
        String path = operation.path();
        List<String> query = new ArrayList<>();
        List<String> headers = new ArrayList<>();
        for (JsonNode parameter : operation.parameters()) {
            String name = parameter.path("name").asText();
            JsonNode schema = operation.schema(parameter);
            switch (parameter.path("in").asText()) {
                case "path" ->
                        path = path.replace("{" + name + "}", segment(name, parameter, schema));
                case "query" -> addQuery(name, parameter, schema, query);
                case "header" -> {
                    if (random.nextBoolean()) {
                        headers.add(name + ": " + printable(value(name, parameter, schema)));
                    }
                }
                default ->
                        throw new AssertionError("this test can't send the parameter " + parameter);
            }
        }
        if (random.nextInt(8) == 0) {
            query.add("unknown=" + encoded(values.invalid(MissingNode.getInstance())));
        }
        InvalidRequest request =
                InvalidRequest.get(query.isEmpty() ? path : path + "?" + String.join("&", query));
        for (String header : headers) {
            request = request.with(header);
        }
        if (random.nextInt(16) == 0) {
            request = request.over("HTTP/1.0");
        }
        return random.nextInt(3) == 0 ? request.with("Accept: " + values.pick(ACCEPT)) : request;
    }

    private String segment(String name, JsonNode parameter, JsonNode schema) {
        String value = value(name, parameter, schema);
        // An empty segment would request the list instead.
        String segment = value.isEmpty() ? "nobody" : encoded(value);
        return switch (random.nextInt(8)) {
            case 0 -> segment + values.pick(MATRIX_PARAMETERS);
            case 1 -> segment.replace(".", "%2e");
            default -> segment;
        };
    }

    private void addQuery(String name, JsonNode parameter, JsonNode schema, List<String> query) {
        boolean required = parameter.path("required").asBoolean();
        // The parameter is absent, given once, or given twice.
        int times = random.nextInt(8) == 0 ? 2 : random.nextInt(required ? 8 : 2) > 0 ? 1 : 0;
        for (int i = 0; i < times; i++) {
            query.add(name + "=" + encoded(value(name, parameter, schema)));
        }
    }

    private String value(String name, JsonNode parameter, JsonNode schema) {
        return random.nextInt(4) > 0
                ? values.valid(name, parameter, schema)
                : values.invalid(schema);
    }

    private static String encoded(String value) {
        return URLEncoder.encode(value, UTF_8).replace("+", "%20");
    }

    private static String printable(String value) {
        return value.replaceAll("[^ -~]", "?");
    }
}
