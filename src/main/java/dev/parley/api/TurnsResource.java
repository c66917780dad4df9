package dev.parley.api;

import dev.parley.session.Page;
import dev.parley.session.SessionReader;
import dev.parley.session.Turn;
import dev.parley.session.TurnQuery;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.time.Instant;
import java.util.Optional;
import org.jboss.resteasy.reactive.RestPath;

/** The turns of a session, part by part or all in one stream. */
@Path("/sessions/{sessionId}/turns")
public class TurnsResource {

    private static final int USUAL_LIMIT = 50;
    private static final int MAX_LIMIT = 500;

    private final SessionReader sessions;
    private final PageTokens tokens;
    private final ApiConfig config;
    private final OpenStreams open;

    TurnsResource(SessionReader sessions, PageTokens tokens, ApiConfig config) {
        this.sessions = sessions;
        this.tokens = tokens;
        this.config = config;
        this.open = new OpenStreams(config.maxTurnStreams());
    }

    @GET
    @Produces(MediaType.APPLICATION_JSON)
    public Uni<Response> list(@RestPath String sessionId, @Context UriInfo uri) {
        QueryParameters given =
                QueryParameters.of(uri, "order", "from", "to", "limit", "pageToken", "consistent");
        Problems.requireSessionId(sessionId);
        String bound = given.boundTo("turns " + sessionId);
        TurnQuery query =
                query(
                        given,
                        given.limit(USUAL_LIMIT, MAX_LIMIT),
                        given.text("pageToken").map(token -> cursor(bound, token)));
        return Problems.within(config.deadline(), sessions.listTurns(sessionId, query))
                .map(
                        found ->
                                found.map(page -> part(page, bound, uri))
                                        .orElseThrow(() -> Problems.noSession(sessionId)));
    }

    private String cursor(String bound, String token) {
        return tokens.cursor(bound, token).orElseThrow(Problems::foreignToken);
    }

    private Response part(Page<Turn> page, String bound, UriInfo uri) {
        String next = page.next().map(cursor -> tokens.of(bound, cursor)).orElse(null);
        return Responses.part(new TurnsView(page.items(), next), next, uri);
    }

    @GET
    @Produces(TurnStream.MEDIA_TYPE)
    public Uni<Response> stream(@RestPath String sessionId, @Context UriInfo uri) {
        QueryParameters given = QueryParameters.of(uri, "order", "from", "to", "consistent");
        Problems.requireSessionId(sessionId);
        TurnQuery query = query(given, MAX_LIMIT, Optional.empty());
        return Problems.within(config.deadline(), sessions.streamTurns(sessionId, query))
                .map(
                        found ->
                                found.map(turns -> new TurnStream(open.bounded(turns)))
                                        .map(Response::ok)
                                        .orElseThrow(() -> Problems.noSession(sessionId))
                                        .cacheControl(Responses.alwaysAsk())
                                        .build());
    }

    private static TurnQuery query(QueryParameters given, int limit, Optional<String> cursor) {
        return new TurnQuery(
                given.choice("order", Order.class).orElse(Order.ASC).order,
                given.range(Instant.MIN, Instant.MAX),
                limit,
                cursor,
                given.consistency());
    }

    private enum Order {
        ASC(TurnQuery.Order.OLDEST_FIRST),
        DESC(TurnQuery.Order.NEWEST_FIRST);

        private final TurnQuery.Order order;

        Order(TurnQuery.Order order) {
            this.order = order;
        }
    }
}
