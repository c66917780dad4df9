package dev.parley.api;

import dev.parley.session.FollowStart;
import dev.parley.session.SessionReader;
import io.smallrye.mutiny.Multi;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import java.util.Optional;
import org.jboss.resteasy.reactive.ResponseHeader;
import org.jboss.resteasy.reactive.RestHeader;
import org.jboss.resteasy.reactive.RestPath;

/** What happens in a session, as Server-Sent Events. */
@Path("/sessions/{sessionId}/events")
public class EventsResource {

    private final SessionReader sessions;
    private final PageTokens tokens;
    private final ApiConfig config;
    private final OpenStreams open;

    EventsResource(SessionReader sessions, PageTokens tokens, ApiConfig config) {
        this.sessions = sessions;
        this.tokens = tokens;
        this.config = config;
        this.open = new OpenStreams(config.maxEventStreams());
    }

    @GET
    @Produces(MediaType.SERVER_SENT_EVENTS)
    @ResponseHeader(name = "Cache-Control", value = "no-store")
    @ResponseHeader(name = "X-Accel-Buffering", value = "no")
    public Multi<OutboundSseEvent> follow(
            @RestPath String sessionId,
            @RestHeader("Last-Event-ID") Optional<String> lastEventId,
            @Context UriInfo uri,
            @Context Sse sse) {
        QueryParameters given = QueryParameters.of(uri, "from");
        Problems.requireSessionId(sessionId);
        SessionEvents events = new SessionEvents(sse, tokens, sessionId);
        FollowStart start =
                lastEventId
                        .filter(id -> !id.isEmpty())
                        .map(events::resumption)
                        .or(() -> given.time("from").map(FollowStart.At::new))
                        .orElseGet(FollowStart.Recent::new);
        return Problems.within(config.deadline(), sessions.follow(sessionId, start))
                .map(found -> found.orElseThrow(() -> Problems.noSession(sessionId)))
                .onItem()
                .transformToMulti(changes -> open.bounded(events.of(changes, config.heartbeat())));
    }
}
