package dev.parley.support;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.json.ExactJson;
import dev.parley.support.EventsClient.Event;
import java.util.HashMap;
import java.util.Map;

/** What a follower of a session knows of its turns. */
public final class Transcript {

    private final Map<String, Long> revisions = new HashMap<>();

    public void take(Event event) {
        if (event.name().equals("turn")) {
            JsonNode turn = ExactJson.readObject(event.data());
            revisions.merge(
                    turn.required("turnId").textValue(),
                    turn.path("revision").asLong(0),
                    Math::max);
        }
    }

    /** The newest of each turn, by its id. */
    public Map<String, Long> revisions() {
        return Map.copyOf(revisions);
    }
}
