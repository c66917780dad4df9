package dev.parley.api;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.api.problem.Problems;
import dev.parley.api.stream.OpenStreams;
import dev.parley.api.stream.ServerSentEvent;
import dev.parley.api.stream.StreamedBody;
import dev.parley.api.stream.Termination;
import dev.parley.security.Caller;
import dev.parley.security.Callers;
import dev.parley.session.FollowStart;
import dev.parley.session.InvalidCursorException;
import dev.parley.session.SessionChange;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jboss.resteasy.reactive.RestHeader;
import org.jboss.resteasy.reactive.RestPath;

/**
 * Streams what happens in a session as Server-Sent Events. Parley writes the stream itself: for a
 * Multi, Quarkus REST sends the status 200 before it is known whether the session exists.
 */
@Audited
@Path("/sessions")
public class EventsResource {

    /** The longest stream, even if the token is valid for longer. The client then reconnects. */
    private static final Duration MAX_DURATION = Duration.ofDays(1);

    /**
     * The header that reports to a client that reconnects whether the stream continues without a
     * gap, or starts anew.
     */
    private static final String RESUMED = "Parley-Resumed";

    private final Callers callers;
    private final PageTokens tokens;
    private final ApiConfig config;
    private final ObjectMapper json;
    private final Termination termination;
    private final OpenStreams openStreams;
    private final Clock clock;

    EventsResource(
            Callers callers,
            PageTokens tokens,
            ApiConfig config,
            ObjectMapper json,
            Termination termination,
            Clock clock) {
        this.callers = callers;
        this.tokens = tokens;
        this.config = config;
        this.json = json;
        this.termination = termination;
        this.clock = clock;
        this.openStreams = new OpenStreams(config.maxEventStreams());
    }

    @GET
    @Path("{sessionId}/events")
    @Produces(MediaType.SERVER_SENT_EVENTS)
    public Uni<Response> follow(
            @RestPath String sessionId,
            @RestHeader("Last-Event-ID") Optional<String> lastEventId,
            @Context UriInfo uri,
            @Context HttpServerRequest request) {
        Problems.requireChunks(request);
        QueryParameters given = QueryParameters.of(uri, "from");
        Problems.requireSessionId(sessionId);
        Caller caller = callers.current();
        ServerSentChanges events = new ServerSentChanges(json, tokens, sessionId);
        FollowStart requested =
                given.time("from")
                        .<FollowStart>map(FollowStart.At::new)
                        .orElseGet(FollowStart.Recent::new);
        Optional<FollowStart> resumed = lastEventId.flatMap(events::resumption);
        Uni<Following> following =
                resumed.map(start -> following(caller, sessionId, start, true))
                        .orElseGet(() -> following(caller, sessionId, requested, false))
                        // The cursor was issued by an instance of another version.
                        .onFailure(InvalidCursorException.class)
                        .recoverWithUni(() -> following(caller, sessionId, requested, false));
        return Problems.within(config.deadline(), following)
                .map(found -> response(found, events, caller, lastEventId.isPresent()));
    }

    /**
     * The changes of a session from a certain start.
     *
     * @param resumed whether the changes continue after the last event that the client has
     */
    private record Following(Multi<SessionChange> changes, boolean resumed) {}

    private static Uni<Following> following(
            Caller caller, String sessionId, FollowStart start, boolean resumed) {
        return caller.sessions()
                .follow(sessionId, start)
                .map(found -> found.orElseThrow(() -> Problems.noSession(sessionId)))
                .map(changes -> new Following(changes, resumed));
    }

    private Response response(
            Following following, ServerSentChanges events, Caller caller, boolean reconnected) {
        List<Multi<Void>> endSignals = List.of(termination.service(), expiry(caller.until()));
        Multi<ServerSentEvent> all = events.of(following.changes(), config.heartbeat(), endSignals);
        Response.ResponseBuilder response =
                Response.ok(StreamedBody.ofEvents(openStreams.bounded(all, caller.name())))
                        .cacheControl(Responses.noStore())
                        // Nginx would buffer the events until its buffer is full.
                        .header("X-Accel-Buffering", "no");
        return (reconnected ? response.header(RESUMED, following.resumed()) : response).build();
    }

    /** Never emits an item. Completes when the token expires, after one day at the latest. */
    private Multi<Void> expiry(Instant until) {
        if (until.equals(Instant.MAX)) {
            return Multi.createFrom().nothing();
        }
        Duration remaining = Duration.between(clock.instant(), until);
        Duration bounded = remaining.compareTo(MAX_DURATION) < 0 ? remaining : MAX_DURATION;
        return Uni.createFrom()
                .voidItem()
                .onItem()
                .delayIt()
                .by(bounded.isPositive() ? bounded : Duration.ofMillis(1))
                .toMulti();
    }
}
