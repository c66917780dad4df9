package dev.parley.api;

import dev.parley.session.Page;
import dev.parley.session.SessionId;
import dev.parley.session.SessionReader;
import dev.parley.session.Turn;
import dev.parley.session.TurnQuery;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.CacheControl;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.EntityTag;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Request;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.headers.Header;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.ExampleObject;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;

/** Single sessions and their turns. */
@Path("/sessions")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Sessions")
public class SessionResource {

    private final SessionReader sessions;

    SessionResource(SessionReader sessions) {
        this.sessions = sessions;
    }

    @GET
    @Path("{sessionId}")
    @Operation(
            operationId = "findSession",
            summary = "A session, its counters and its recent turns")
    @APIResponse(
            responseCode = "200",
            headers =
                    @Header(
                            name = "ETag",
                            description = "The session's version.",
                            schema = @Schema(implementation = String.class)),
            content =
                    @Content(
                            schema = @Schema(ref = "Session"),
                            examples = @ExampleObject(name = "session", ref = "session")))
    @APIResponse(responseCode = "304", description = "Still the version of If-None-Match")
    @APIResponse(responseCode = "400", ref = "BadRequest")
    @APIResponse(responseCode = "404", ref = "NotFound")
    @APIResponse(responseCode = "503", ref = "Unavailable")
    public Uni<Response> find(
            @Parameter(example = "s-42") @RestPath String sessionId,
            @Parameter(
                            description = "recent: with the newest turns. none: without.",
                            schema =
                                    @Schema(
                                            enumeration = {"recent", "none"},
                                            defaultValue = "recent"))
                    @RestQuery
                    @DefaultValue("recent")
                    String turns,
            @Context Request request) {
        boolean withTurns = withTurns(turns);
        requireValid(sessionId);
        return sessions.find(sessionId)
                .map(
                        found ->
                                found.map(session -> SessionView.of(session, withTurns))
                                        .map(view -> unlessKnown(view, request))
                                        .orElseThrow(() -> Problems.noSession(sessionId)));
    }

    @GET
    @Path("{sessionId}/turns")
    @Operation(
            operationId = "listTurns",
            summary = "The turns of a session",
            description =
                    "All of them if you go on from nextPageToken to nextPageToken, while further"
                            + " ones land. Only a missing nextPageToken ends the list.")
    @APIResponse(
            responseCode = "200",
            headers =
                    @Header(
                            name = "Link",
                            description = "The next part, as rel=next.",
                            schema = @Schema(implementation = String.class)),
            content =
                    @Content(
                            schema = @Schema(ref = "Turns"),
                            examples = @ExampleObject(name = "turns", ref = "turns")))
    @APIResponse(responseCode = "400", ref = "BadRequest")
    @APIResponse(responseCode = "404", ref = "NotFound")
    @APIResponse(responseCode = "503", ref = "Unavailable")
    public Uni<Response> listTurns(
            @Parameter(example = "s-42") @RestPath String sessionId,
            @Parameter(
                            description = "asc: oldest first. desc: newest first.",
                            schema =
                                    @Schema(
                                            enumeration = {"asc", "desc"},
                                            defaultValue = "asc"))
                    @RestQuery
                    @DefaultValue("asc")
                    String order,
            @Parameter(
                            description = "How many at the most; more than 500 means 500.",
                            schema = @Schema(type = SchemaType.INTEGER, defaultValue = "50"))
                    @RestQuery
                    @DefaultValue("50")
                    String limit,
            @Parameter(description = "nextPageToken of the part before.") @RestQuery
                    Optional<String> pageToken,
            @Context UriInfo uri) {
        requireValid(sessionId);
        String query = "turns " + order + " " + sessionId;
        TurnQuery turns =
                new TurnQuery(
                        order(order),
                        Limits.coerced(limit),
                        pageToken.map(token -> PageToken.cursor(query, token)));
        return sessions.listTurns(sessionId, turns)
                .map(
                        found ->
                                found.map(page -> turns(page, query, uri))
                                        .orElseThrow(() -> Problems.noSession(sessionId)));
    }

    private static Response turns(Page<Turn> page, String query, UriInfo uri) {
        String next = page.next().map(cursor -> PageToken.of(query, cursor)).orElse(null);
        Response.ResponseBuilder response = Response.ok(new TurnsView(page.items(), next));
        if (next != null) {
            response.link(
                    uri.getRequestUriBuilder().replaceQueryParam("pageToken", next).build(),
                    "next");
        }
        return response.cacheControl(alwaysAsk()).build();
    }

    private static TurnQuery.Order order(String order) {
        return switch (order) {
            case "asc" -> TurnQuery.Order.OLDEST_FIRST;
            case "desc" -> TurnQuery.Order.NEWEST_FIRST;
            default -> throw Problems.badRequest("order must be asc or desc");
        };
    }

    private static void requireValid(String sessionId) {
        SessionId.problemWith(sessionId)
                .ifPresent(
                        problem -> {
                            throw Problems.badRequest(problem);
                        });
    }

    private static CacheControl alwaysAsk() {
        CacheControl alwaysAsk = new CacheControl();
        alwaysAsk.setPrivate(true);
        alwaysAsk.setNoCache(true);
        return alwaysAsk;
    }

    private static boolean withTurns(String turns) {
        return switch (turns) {
            case "recent" -> true;
            case "none" -> false;
            default -> throw Problems.badRequest("turns must be recent or none");
        };
    }

    private static Response unlessKnown(SessionView view, Request request) {
        EntityTag version = new EntityTag(Long.toString(view.version()));
        Response.ResponseBuilder known = request.evaluatePreconditions(version);
        Response.ResponseBuilder response =
                known == null ? Response.ok(view).tag(version) : known.tag(version);
        return response.cacheControl(alwaysAsk()).build();
    }
}
