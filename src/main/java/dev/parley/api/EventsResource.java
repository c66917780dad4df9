package dev.parley.api;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.security.Caller;
import dev.parley.security.Callers;
import dev.parley.session.FollowStart;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
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
 * What happens in a session, as Server-Sent Events. They are written by Parley itself: a Multi of
 * Quarkus REST's has sent its 200 before it is known whether there is such a session.
 */
@Audited
@Path("/sessions")
public class EventsResource {

    /** Of a token that is good for longer: its owner comes back. */
    private static final Duration LONGEST = Duration.ofDays(1);

    private final Callers callers;
    private final PageTokens tokens;
    private final ApiConfig config;
    private final ObjectMapper json;
    private final Termination termination;
    private final OpenStreams open;
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
        this.open = new OpenStreams(config.maxEventStreams());
    }

    @GET
    @Path("{sessionId}/events")
    @Produces(MediaType.SERVER_SENT_EVENTS)
    public Uni<Response> follow(
            @RestPath String sessionId,
            @RestHeader("Last-Event-ID") Optional<String> lastEventId,
            @Context UriInfo uri) {
        QueryParameters given = QueryParameters.of(uri, "from");
        Problems.requireSessionId(sessionId);
        Caller caller = callers.current();
        SessionEvents events = new SessionEvents(json, tokens, sessionId);
        FollowStart start =
                lastEventId
                        .filter(id -> !id.isEmpty())
                        .map(events::resumption)
                        .or(() -> given.time("from").map(FollowStart.At::new))
                        .orElseGet(FollowStart.Recent::new);
        return Problems.within(config.deadline(), caller.sessions().follow(sessionId, start))
                .map(
                        found ->
                                found.map(
                                                changes ->
                                                        events.of(
                                                                changes,
                                                                config.heartbeat(),
                                                                List.of(
                                                                        termination.service(),
                                                                        expiry(caller.until()))))
                                        .map(open::bounded)
                                        .map(StreamedBody::ofEvents)
                                        .map(Response::ok)
                                        .orElseThrow(() -> Problems.noSession(sessionId))
                                        .cacheControl(Responses.noStore())
                                        // Nginx would gather them until its buffer is full.
                                        .header("X-Accel-Buffering", "no")
                                        .build());
    }

    /** Never gives an item; completes when a token expires, after a day at the latest. */
    private Multi<Void> expiry(Instant until) {
        if (until.equals(Instant.MAX)) {
            return Multi.createFrom().nothing();
        }
        Duration left = Duration.between(clock.instant(), until);
        Duration bounded = left.compareTo(LONGEST) < 0 ? left : LONGEST;
        return Uni.createFrom()
                .voidItem()
                .onItem()
                .delayIt()
                .by(bounded.isPositive() ? bounded : Duration.ofMillis(1))
                .toMulti();
    }
}
