package dev.parley.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.api.stream.ServerSentEvent;
import dev.parley.session.FollowStart;
import dev.parley.session.SessionChange;
import dev.parley.session.SessionChange.SessionChanged;
import dev.parley.session.SessionChange.SessionGone;
import dev.parley.session.SessionChange.TurnChanged;
import dev.parley.session.SessionChange.TurnsErased;
import io.smallrye.mutiny.Multi;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Changes of a session as Server-Sent Events. Their ids are tokens, from which one resumes. */
final class SessionEvents {

    /**
     * Changes that may wait for a slow client; each may be a large turn. Mutiny's queue takes no
     * fewer: with 4, a stream broke off as soon as one had to wait.
     */
    private static final int WAITING = 16;

    private final ObjectMapper json;
    private final PageTokens tokens;
    private final String sessionId;

    SessionEvents(ObjectMapper json, PageTokens tokens, String sessionId) {
        this.json = json;
        this.tokens = tokens;
        this.sessionId = sessionId;
    }

    /**
     * Where a client goes on; empty if the id is none that these events had here. An error would
     * end a browser's EventSource for good, and it is not the client's: another instance may have
     * signed the id with a key of its own.
     */
    Optional<FollowStart> resumption(String lastEventId) {
        return tokens.cursor(boundTo(), lastEventId).map(FollowStart.After::new);
    }

    /**
     * The events, after a comment that brings the head of the answer along, and a comment now and
     * then.
     *
     * @param heartbeat time between two comments
     * @param ends the first of these that completes ends the events; clients come back, with a new
     *     token or to another instance
     */
    Multi<ServerSentEvent> of(
            Multi<SessionChange> changes, Duration heartbeat, List<Multi<Void>> ends) {
        Multi<ServerSentEvent> events =
                Multi.createBy()
                        .concatenating()
                        .streams(
                                Multi.createFrom().item(ServerSentEvent.COMMENT),
                                changes.map(this::event));
        Multi<ServerSentEvent> heartbeats =
                Multi.createFrom()
                        .ticks()
                        .startingAfter(heartbeat)
                        .every(heartbeat)
                        .onOverflow()
                        .drop()
                        .map(tick -> ServerSentEvent.COMMENT);
        List<Multi<Optional<ServerSentEvent>>> all = new ArrayList<>();
        all.add(thenEnd(events));
        all.add(thenEnd(heartbeats));
        ends.forEach(end -> all.add(thenEnd(end.map(nothing -> ServerSentEvent.COMMENT))));
        return Multi.createBy()
                .merging()
                .withRequests(WAITING)
                .streams(all)
                .select()
                .first(Optional::isPresent)
                .map(Optional::orElseThrow);
    }

    /** The first that ends, ends them all. */
    private static Multi<Optional<ServerSentEvent>> thenEnd(Multi<ServerSentEvent> events) {
        return Multi.createBy()
                .concatenating()
                .streams(events.map(Optional::of), Multi.createFrom().item(Optional.empty()));
    }

    private ServerSentEvent event(SessionChange change) {
        return switch (change) {
            case TurnChanged(var turn, var cursor) -> event("turn", turn).withId(id(cursor));
            case SessionChanged(var session, var cursor) ->
                    event("session", SessionView.withoutTurns(session)).withId(id(cursor));
            case TurnsErased(var upTo, var cursor) ->
                    event("erased", Map.of("upTo", upTo)).withId(id(cursor));
            case SessionGone gone -> event("gone", Map.of("sessionId", sessionId));
        };
    }

    private ServerSentEvent event(String name, Object data) {
        try {
            return ServerSentEvent.of(name, json.writeValueAsString(data));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private String id(String cursor) {
        return tokens.of(boundTo(), cursor);
    }

    private String boundTo() {
        return "events " + sessionId;
    }
}
