package dev.parley.api;

import dev.parley.session.FollowStart;
import dev.parley.session.SessionChange;
import dev.parley.session.SessionReader;
import io.smallrye.common.annotation.Blocking;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.smallrye.mutiny.Multi;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Request;
import jakarta.ws.rs.core.UriInfo;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.ResponseHeader;
import org.jboss.resteasy.reactive.RestHeader;
import org.jboss.resteasy.reactive.RestPath;

/** What happens in a session, as Server-Sent Events. */
@Path("/sessions")
public class EventsResource {

    private static final Logger LOG = Logger.getLogger(EventsResource.class);

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

    /**
     * Waits for the session before it gives the stream: with it, Quarkus sends the status 200 at
     * once, and nobody would be told of a session that isn't there.
     */
    @GET
    @Path("{sessionId}/events")
    @Blocking
    @RunOnVirtualThread
    @Produces(MediaType.SERVER_SENT_EVENTS)
    @ResponseHeader(name = "Cache-Control", value = "no-store")
    @ResponseHeader(name = "X-Accel-Buffering", value = "no")
    public Multi<OutboundSseEvent> follow(
            @RestPath String sessionId,
            @RestHeader("Last-Event-ID") Optional<String> lastEventId,
            @Context UriInfo uri,
            @Context Request request,
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
        Multi<SessionChange> changes =
                Problems.within(config.deadline(), sessions.follow(sessionId, start))
                        .await()
                        .indefinitely()
                        .orElseThrow(() -> Problems.noSession(sessionId));
        // The answer to a HEAD would never end.
        return HttpMethod.HEAD.equals(request.getMethod())
                ? Multi.createFrom().empty()
                : open.bounded(
                        events.of(
                                changes.onFailure().invoke(EventsResource::brokeOff),
                                config.heartbeat()));
    }

    private static void brokeOff(Throwable failure) {
        LOG.warnf(failure, "A stream of events broke off");
    }
}
