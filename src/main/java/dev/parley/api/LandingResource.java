package dev.parley.api;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

/** Serves an overview of the service to people who open the root. */
@Path("/")
public class LandingResource {

    private static final String HINT =
            """
            Parley keeps the sessions of chatbots.

              GET /sessions                          sessions, newest first; ?userId=, ?from=&to=,
                                                     ?channel=, ?status=open|ended
              GET /sessions/{sessionId}              a session and its recent turns
              GET /sessions/{sessionId}/turns        its turns, page by page, in either order;
                                                     all in one stream as application/x-ndjson
              GET /sessions/{sessionId}/events       what happens in it, as it happens (SSE)
              GET /stats                             what happened, by the hour or the day
              GET /ui/                               the same for people, where it is switched on
              GET /openapi                           the API, described
              GET /asyncapi                          what to publish to Kafka, described
              GET /q/health                          is it well        (in production on port 9000)
              GET /q/metrics                         how much it does  (there, too)

            Sessions and statistics take a token, as "Authorization: Bearer ...", unless the
            service is open to everybody.
            """;

    @GET
    @Produces(MediaType.TEXT_PLAIN)
    public String hint() {
        return HINT;
    }
}
