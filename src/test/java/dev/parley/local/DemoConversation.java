package dev.parley.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Random;

/** Generates the events of one conversation of the demo, one after the other until its end. */
final class DemoConversation {

    private static final String[] CHANNELS = {"web", "whatsapp", "app", "email"};
    private static final String[] TIERS = {"gold", "silver", "free"};
    private static final int USERS = 12;
    private static final int TOKENS_PER_TURN = 90;
    private static final int CHARACTERS_PER_TOKEN = 4;
    private static final int ONE_ERROR_IN = 40;

    private final String sessionId;
    private final JsonNode script;
    private final int turns;
    private final Random random;
    private final String userId;
    private final String channel;
    private int next;

    /**
     * @param script a topic, a language and turns; the turns are repeated if there are too few
     * @param turns the number of turns before the conversation ends
     */
    DemoConversation(String sessionId, JsonNode script, int turns, Random random) {
        this.sessionId = sessionId;
        this.script = script;
        this.turns = turns;
        this.random = random;
        this.userId = "u-" + (1 + random.nextInt(USERS));
        this.channel = CHANNELS[random.nextInt(CHANNELS.length)];
    }

    String sessionId() {
        return sessionId;
    }

    /** Returns the next event, with that time, or empty if the conversation has ended. */
    Optional<ObjectNode> next(Instant at) {
        int number = next++;
        if (number > turns) {
            return Optional.empty();
        }
        return Optional.of(number == turns ? event("session.ended", at) : turn(number, at));
    }

    /** Returns a random pause between two turns. */
    Duration pause() {
        return Duration.ofMillis(800 + random.nextInt(14_000));
    }

    private ObjectNode turn(int number, Instant at) {
        JsonNode line = script.get("turns").get(number % script.get("turns").size());
        String role = line.get(0).textValue();
        ObjectNode turn =
                event("turn", at)
                        .put("turnId", "t-" + (number + 1))
                        .put("role", role)
                        .put("userId", userId)
                        .put("channel", channel);
        turn.set("content", line.get(1));
        if (number == 0) {
            turn.putObject("attributes")
                    .put("locale", script.get("language").textValue())
                    .put("topic", script.get("topic").textValue());
            turn.putObject("userData").put("tier", TIERS[userId.length() % TIERS.length]);
        }
        if (role.equals("assistant")) {
            addAnswerFields(turn, number, line.get(1).textValue());
        } else if (role.equals("tool")) {
            turn.put("latencyMs", 60 + random.nextInt(400));
        }
        return turn;
    }

    private void addAnswerFields(ObjectNode turn, int number, String text) {
        turn.put("model", "m-1").put("latencyMs", 300 + random.nextInt(2_200));
        turn.putObject("usage")
                .put(
                        "inputTokens",
                        TOKENS_PER_TURN * (number + 1) + random.nextInt(TOKENS_PER_TURN))
                .put("outputTokens", 1 + text.length() / CHARACTERS_PER_TOKEN);
        if (random.nextInt(ONE_ERROR_IN) == 0) {
            turn.putObject("error").put("type", "timeout").put("retried", true);
        }
    }

    private ObjectNode event(String type, Instant at) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("type", type)
                .put("sessionId", sessionId)
                .put("occurredAt", at.toString());
    }
}
