package dev.parley.api;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

/** Serves an overview of the service to people who open the root. */
@Path("/")
public class LandingResource {

    private static final String OVERVIEW =
            """
            Parley stores the sessions of chatbots.

              GET /sessions                          sessions, newest first; ?userId=, ?from=&to=,
                                                     ?channel=, ?status=open|ended
              GET /sessions/{sessionId}              a session and its recent turns
              GET /sessions/{sessionId}/turns        its turns, in parts and in either order;
                                                     all in one stream as application/x-ndjson
              GET /sessions/{sessionId}/events       its changes, as they happen (SSE)
              GET /stats                             statistics by the hour or the day
              GET /ui/                               the web interface, if it is enabled
              GET /openapi                           the description of this API
              GET /asyncapi                          the description of the events in Kafka
              GET /q/health                          the health    (in production on port 9000)
              GET /q/metrics                         the metrics   (in production on port 9000)

            Sessions and statistics require a token, as "Authorization: Bearer ...", unless the
            service is configured for anonymous access.
            """;

    @GET
    @Produces(MediaType.TEXT_PLAIN)
    public String overview() {
        return OVERVIEW;
    }
}
