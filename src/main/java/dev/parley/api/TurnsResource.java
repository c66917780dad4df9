package dev.parley.api;

import dev.parley.api.problem.Problems;
import dev.parley.api.stream.OpenStreams;
import dev.parley.api.stream.StreamedBody;
import dev.parley.security.Caller;
import dev.parley.security.Callers;
import dev.parley.session.Json;
import dev.parley.session.ResultPage;
import dev.parley.session.TurnQuery;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jboss.resteasy.reactive.RestPath;

/**
 * Serves the turns of a session, in parts or all in one stream. The class has the same path as the
 * other resources, because only then Quarkus distinguishes a wrong method (405) from a wrong path.
 */
@Audited
@Path("/sessions")
public class TurnsResource {

    private static final int DEFAULT_LIMIT = 50;
    private static final int MAX_LIMIT = 500;

    private static final MediaType NDJSON = MediaType.valueOf(StreamedBody.LINES);
    private static final List<MediaType> MEDIA_TYPES =
            List.of(MediaType.APPLICATION_JSON_TYPE, NDJSON);

    private final Callers callers;
    private final PageTokens tokens;
    private final ApiConfig config;
    private final OpenStreams openStreams;

    TurnsResource(Callers callers, PageTokens tokens, ApiConfig config) {
        this.callers = callers;
        this.tokens = tokens;
        this.config = config;
        this.openStreams = new OpenStreams(config.maxTurnStreams());
    }

    /**
     * Serves both forms in one method: of two methods, Quarkus would select the first one if the
     * client accepts neither form.
     */
    @GET
    @Path("{sessionId}/turns")
    @Produces({MediaType.APPLICATION_JSON, StreamedBody.LINES})
    public Uni<Response> turns(
            @RestPath String sessionId,
            @Context UriInfo uri,
            @Context HttpHeaders headers,
            @Context HttpServerRequest request) {
        if (AcceptedTypes.of(headers).best(MEDIA_TYPES).filter(NDJSON::equals).isEmpty()) {
            return list(sessionId, uri).map(TurnsResource::withVary);
        }
        Problems.requireChunks(request);
        return stream(sessionId, uri).map(TurnsResource::withVary);
    }

    private static Response withVary(Response response) {
        return Response.fromResponse(response).header(HttpHeaders.VARY, HttpHeaders.ACCEPT).build();
    }

    private Uni<Response> list(String sessionId, UriInfo uri) {
        QueryParameters given =
                QueryParameters.of(uri, "order", "from", "to", "limit", "pageToken", "consistent");
        Problems.requireSessionId(sessionId);
        String scope = given.tokenScope("turns " + sessionId);
        TurnQuery query =
                query(
                        given,
                        given.limit(DEFAULT_LIMIT, MAX_LIMIT),
                        tokens.pageCursor(scope, given));
        return Problems.within(
                        config.deadline(), callers.current().sessions().listTurns(sessionId, query))
                .map(
                        found ->
                                found.map(page -> part(page, scope, uri))
                                        .orElseThrow(() -> Problems.noSession(sessionId)));
    }

    private Response part(ResultPage<Json> page, String scope, UriInfo uri) {
        String next = tokens.nextPageToken(scope, page);
        return Responses.part(new TurnsView(page.items(), next), next, uri);
    }

    private Uni<Response> stream(String sessionId, UriInfo uri) {
        QueryParameters given = QueryParameters.of(uri, "order", "from", "to", "consistent");
        Problems.requireSessionId(sessionId);
        TurnQuery query = query(given, MAX_LIMIT, Optional.empty());
        Caller caller = callers.current();
        return Problems.within(config.deadline(), caller.sessions().streamTurns(sessionId, query))
                .map(found -> found.orElseThrow(() -> Problems.noSession(sessionId)))
                .map(turns -> openStreams.bounded(turns, caller.name()))
                .map(turns -> Response.ok(StreamedBody.ofTurns(turns), NDJSON))
                .map(response -> response.cacheControl(Responses.noStore()).build());
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
