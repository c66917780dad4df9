package dev.parley.local;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.List;

/** Reads the log of the service in production, in which each line is a JSON object. */
public final class LogLines {

    private static final ObjectReader JSON =
            JsonMapper.builder()
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .build()
                    .readerFor(JsonNode.class);

    private LogLines() {}

    /** Returns all lines of the log. Fails if a line is not JSON. */
    public static List<JsonNode> of(ServiceProcess service) {
        return service.output().lines().map(LogLines::line).toList();
    }

    /** Returns the messages of a logger. */
    public static List<String> messages(ServiceProcess service, String logger) {
        return of(service).stream()
                .filter(line -> line.path("logger").asText().equals(logger))
                .map(line -> line.path("message").asText())
                .toList();
    }

    private static JsonNode line(String text) {
        try {
            return JSON.readValue(text);
        } catch (JsonProcessingException e) {
            throw new AssertionError("not a JSON object: " + text, e);
        }
    }
}
