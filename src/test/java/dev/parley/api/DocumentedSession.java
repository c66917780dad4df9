package dev.parley.api;

import dev.parley.session.Json;
import dev.parley.session.Patch;
import dev.parley.session.Role;
import dev.parley.session.SessionEvent;
import dev.parley.session.SessionEvent.TurnRecorded;
import dev.parley.session.Turn;
import dev.parley.session.Usage;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The session of the examples in the OpenAPI document, or the same session with another id on
 * another day.
 */
record DocumentedSession(String sessionId, String day) {

    static final DocumentedSession EXAMPLE = new DocumentedSession("s-42", "2026-11-22");

    List<SessionEvent> events() {
        return List.of(question(), toolResult(), answer());
    }

    private SessionEvent question() {
        Turn turn =
                new Turn(
                        "t-1",
                        at("10:15:12.004Z"),
                        0,
                        null,
                        Role.USER,
                        new Json("\"Where is my order 7781?\""),
                        "u-9",
                        "web",
                        null,
                        null,
                        null,
                        null,
                        null);
        return new TurnRecorded(
                sessionId,
                turn,
                new Patch(
                        "u-9",
                        "web",
                        Map.of("locale", Optional.of(new Json("\"en-GB\""))),
                        Map.of("tier", Optional.of(new Json("\"gold\"")))));
    }

    private SessionEvent toolResult() {
        String content =
                """
                [{"type":"tool_result","name":"orders.find","output":{"id":7781,"status":"packed"}}]""";
        return turnWithoutPatch(
                "t-2", at("10:15:13.410Z"), Role.TOOL, content, null, null, 210, null);
    }

    private SessionEvent answer() {
        return turnWithoutPatch(
                "t-3",
                at("10:15:14.733Z"),
                Role.ASSISTANT,
                "\"It is packed and ships tomorrow.\"",
                "m-1",
                new Usage(812, 64),
                930,
                new Json("{\"intent\":\"shipping\"}"));
    }

    private Instant at(String time) {
        return Instant.parse(day + "T" + time);
    }

    private SessionEvent turnWithoutPatch(
            String turnId,
            Instant at,
            Role role,
            String content,
            @Nullable String model,
            @Nullable Usage usage,
            long latencyMs,
            @Nullable Json metadata) {
        Turn turn =
                new Turn(
                        turnId,
                        at,
                        0,
                        null,
                        role,
                        new Json(content),
                        null,
                        null,
                        model,
                        usage,
                        latencyMs,
                        null,
                        metadata);
        return new TurnRecorded(sessionId, turn, Patch.NONE);
    }
}
