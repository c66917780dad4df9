package dev.parley.support;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.json.ExactJson;
import dev.parley.support.EventsClient.Event;
import java.util.HashMap;
import java.util.Map;

/**
 * The turns of a session and their revisions, collected from the events that a follower receives.
 */
public final class Transcript {

    private final Map<String, Long> revisions = new HashMap<>();

    public void add(Event event) {
        if (event.name().equals("turn")) {
            JsonNode turn = ExactJson.readObject(event.data());
            revisions.merge(
                    turn.required("turnId").textValue(),
                    turn.path("revision").asLong(0),
                    Math::max);
        }
    }

    /** Returns the newest revision of each turn, by the id of the turn. */
    public Map<String, Long> revisions() {
        return Map.copyOf(revisions);
    }
}
