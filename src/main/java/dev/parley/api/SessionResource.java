package dev.parley.api;

import dev.parley.session.SessionId;
import dev.parley.session.SessionReader;
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
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.headers.Header;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.ExampleObject;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;

/** Single sessions. */
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
        SessionId.problemWith(sessionId)
                .ifPresent(
                        problem -> {
                            throw Problems.badRequest(problem);
                        });
        return sessions.find(sessionId)
                .map(
                        found ->
                                found.map(session -> SessionView.of(session, withTurns))
                                        .map(view -> unlessKnown(view, request))
                                        .orElseThrow(() -> Problems.noSession(sessionId)));
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
        CacheControl alwaysAsk = new CacheControl();
        alwaysAsk.setPrivate(true);
        alwaysAsk.setNoCache(true);
        return response.cacheControl(alwaysAsk).build();
    }
}
