package dev.parley.api;

import dev.parley.session.FollowStart;
import dev.parley.session.SessionChange;
import dev.parley.session.SessionChange.SessionChanged;
import dev.parley.session.SessionChange.SessionGone;
import dev.parley.session.SessionChange.TurnChanged;
import dev.parley.session.SessionChange.TurnsErased;
import io.smallrye.mutiny.Multi;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** Changes of a session as Server-Sent Events. Their ids are tokens, from which one resumes. */
final class SessionEvents {

    private final Sse sse;
    private final PageTokens tokens;
    private final String sessionId;

    SessionEvents(Sse sse, PageTokens tokens, String sessionId) {
        this.sse = sse;
        this.tokens = tokens;
        this.sessionId = sessionId;
    }

    FollowStart resumption(String lastEventId) {
        return tokens.cursor(boundTo(), lastEventId)
                .map(FollowStart.After::new)
                .orElseThrow(
                        () ->
                                Problems.badRequest(
                                        "Last-Event-ID is not one that these events had"));
    }

    /**
     * The events, and a comment now and then by which both sides notice that the other is gone.
     *
     * @param heartbeat time between two comments
     */
    Multi<OutboundSseEvent> of(Multi<SessionChange> changes, Duration heartbeat) {
        Multi<Optional<OutboundSseEvent>> thenEnd =
                Multi.createBy()
                        .concatenating()
                        .streams(
                                changes.map(this::event).map(Optional::of),
                                Multi.createFrom().item(Optional.empty()));
        Multi<Optional<OutboundSseEvent>> heartbeats =
                Multi.createFrom()
                        .ticks()
                        .every(heartbeat)
                        .onOverflow()
                        .drop()
                        .map(tick -> Optional.of(sse.newEventBuilder().comment("").build()));
        return Multi.createBy()
                .merging()
                .streams(thenEnd, heartbeats)
                .select()
                .first(Optional::isPresent)
                .map(Optional::orElseThrow);
    }

    private OutboundSseEvent event(SessionChange change) {
        return switch (change) {
            case TurnChanged(var turn, var cursor) -> event("turn", turn).id(id(cursor)).build();
            case SessionChanged(var session, var cursor) ->
                    event("session", SessionView.withoutTurns(session)).id(id(cursor)).build();
            case TurnsErased(var upTo, var cursor) ->
                    event("erased", Map.of("upTo", upTo)).id(id(cursor)).build();
            case SessionGone gone -> event("gone", Map.of("sessionId", sessionId)).build();
        };
    }

    private OutboundSseEvent.Builder event(String name, Object data) {
        return sse.newEventBuilder()
                .name(name)
                .mediaType(MediaType.APPLICATION_JSON_TYPE)
                .data(data);
    }

    private String id(String cursor) {
        return tokens.of(boundTo(), cursor);
    }

    private String boundTo() {
        return "events " + sessionId;
    }
}
