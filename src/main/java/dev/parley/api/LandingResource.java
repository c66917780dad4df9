package dev.parley.api;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** Tells a person who opens the root what is here. */
@Path("/")
public class LandingResource {

    private static final String HINT =
            """
            Parley keeps the sessions of chatbots.

              GET /sessions/{sessionId}              a session and its recent turns
              GET /sessions/{sessionId}?turns=none   the session alone
              GET /sessions/{sessionId}/turns        its turns, page by page, in either order
              GET /q/openapi                         the API, described
              GET /asyncapi                          what to publish to Kafka, described
              GET /q/health                          is it well
              GET /q/metrics                         how much it does
            """;

    @GET
    @Produces(MediaType.TEXT_PLAIN)
    @Operation(hidden = true)
    public String hint() {
        return HINT;
    }
}
