package dev.parley.local;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.List;

/** What the service logs in production: a JSON object a line, and nothing else. */
public final class LogLines {

    private static final ObjectReader JSON =
            JsonMapper.builder()
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .build()
                    .readerFor(JsonNode.class);

    private LogLines() {}

    /** Fails for a line that is no JSON. */
    public static List<JsonNode> of(ServiceProcess service) {
        return service.output().lines().map(LogLines::line).toList();
    }

    /** What was said in a category. */
    public static List<String> messages(ServiceProcess service, String category) {
        return of(service).stream()
                .filter(line -> line.path("logger").asText().equals(category))
                .map(line -> line.path("message").asText())
                .toList();
    }

    private static JsonNode line(String text) {
        try {
            return JSON.readValue(text);
        } catch (JsonProcessingException e) {
            throw new AssertionError("no JSON: " + text, e);
        }
    }
}
