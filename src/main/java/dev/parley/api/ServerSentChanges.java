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

/**
 * Converts the changes of a session to Server-Sent Events. The ids of the events are tokens, with
 * which a client resumes.
 */
final class ServerSentChanges {

    /**
     * How many changes may wait for a slow client. Each may be a large turn. Mutiny's queue does
     * not work with fewer: with 4, a stream broke off as soon as one change had to wait.
     */
    private static final int MAX_WAITING = 16;

    private final ObjectMapper json;
    private final PageTokens tokens;
    private final String sessionId;

    ServerSentChanges(ObjectMapper json, PageTokens tokens, String sessionId) {
        this.json = json;
        this.tokens = tokens;
        this.sessionId = sessionId;
    }

    /**
     * Returns where a client resumes; empty if the id was not issued for these events with this
     * instance's key. An error would end a browser's EventSource for good, although the client did
     * nothing wrong: another instance may have signed the id with its own key.
     */
    Optional<FollowStart> resumption(String lastEventId) {
        return tokens.cursor(tokenScope(), lastEventId).map(FollowStart.After::new);
    }

    /**
     * Returns the events. A comment comes first, which makes the server send the head of the
     * response, and further comments follow at intervals.
     *
     * @param heartbeat the time between two comments
     * @param endSignals the first of these that completes ends the events; clients then reconnect,
     *     with a new token or to another instance
     */
    Multi<ServerSentEvent> of(
            Multi<SessionChange> changes, Duration heartbeat, List<Multi<Void>> endSignals) {
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
        endSignals.forEach(end -> all.add(thenEnd(end.map(nothing -> ServerSentEvent.COMMENT))));
        return Multi.createBy()
                .merging()
                .withRequests(MAX_WAITING)
                .streams(all)
                .select()
                .first(Optional::isPresent)
                .map(Optional::orElseThrow);
    }

    /** Appends a mark to the end of a stream. The first stream that ends, ends all of them. */
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
        return tokens.issue(tokenScope(), cursor);
    }

    private String tokenScope() {
        return "events " + sessionId;
    }
}
