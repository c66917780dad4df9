package dev.parley.api;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.session.FollowStart;
import dev.parley.session.SessionReader;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.CacheControl;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.util.Optional;
import org.jboss.resteasy.reactive.RestHeader;
import org.jboss.resteasy.reactive.RestPath;

/**
 * What happens in a session, as Server-Sent Events. They are written by Parley itself: a Multi of
 * Quarkus REST's has sent its 200 before it is known whether there is such a session.
 */
@Path("/sessions")
public class EventsResource {

    private final SessionReader sessions;
    private final PageTokens tokens;
    private final ApiConfig config;
    private final ObjectMapper json;
    private final Termination termination;
    private final OpenStreams open;

    EventsResource(
            SessionReader sessions,
            PageTokens tokens,
            ApiConfig config,
            ObjectMapper json,
            Termination termination) {
        this.sessions = sessions;
        this.tokens = tokens;
        this.config = config;
        this.json = json;
        this.termination = termination;
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
        SessionEvents events = new SessionEvents(json, tokens, sessionId);
        FollowStart start =
                lastEventId
                        .filter(id -> !id.isEmpty())
                        .map(events::resumption)
                        .or(() -> given.time("from").map(FollowStart.At::new))
                        .orElseGet(FollowStart.Recent::new);
        return Problems.within(config.deadline(), sessions.follow(sessionId, start))
                .map(
                        found ->
                                found.map(
                                                changes ->
                                                        events.of(
                                                                changes,
                                                                config.heartbeat(),
                                                                termination.service()))
                                        .map(open::bounded)
                                        .map(StreamedBody::ofEvents)
                                        .map(Response::ok)
                                        .orElseThrow(() -> Problems.noSession(sessionId))
                                        .cacheControl(noStore())
                                        // Nginx would gather them until its buffer is full.
                                        .header("X-Accel-Buffering", "no")
                                        .build());
    }

    private static CacheControl noStore() {
        CacheControl noStore = new CacheControl();
        noStore.setNoStore(true);
        return noStore;
    }
}
