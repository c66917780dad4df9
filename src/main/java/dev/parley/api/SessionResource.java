package dev.parley.api;

import static dev.parley.api.Responses.noStore;

import dev.parley.api.problem.Problems;
import dev.parley.security.Caller;
import dev.parley.security.Callers;
import dev.parley.session.ResultPage;
import dev.parley.session.Session;
import dev.parley.session.SessionQuery;
import dev.parley.session.TimeRange;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.jboss.resteasy.reactive.RestPath;

/**
 * Serves lists of sessions and single sessions. The file openapi.yaml describes the parameters and
 * the responses.
 */
@Audited
@Path("/sessions")
@Produces(MediaType.APPLICATION_JSON)
public class SessionResource {

    private static final int DEFAULT_LIMIT = 50;

    /** The number of a session's last turns in a response. */
    private static final int DEFAULT_RECENT = 10;

    private static final int MAX_RECENT = 50;

    /** The time range of a list that has no parameter {@code from}. */
    private static final Duration DEFAULT_RANGE = Duration.ofDays(30);

    /**
     * How far a list reaches into the future, so that it includes sessions of platforms whose
     * clocks are ahead.
     */
    private static final Duration MAX_CLOCK_SKEW = Duration.ofDays(1);

    private final Callers callers;
    private final PageTokens tokens;
    private final ApiConfig config;
    private final Clock clock;

    SessionResource(Callers callers, PageTokens tokens, ApiConfig config, Clock clock) {
        this.callers = callers;
        this.tokens = tokens;
        this.config = config;
        this.clock = clock;
    }

    @GET
    public Uni<Response> list(@Context UriInfo uri) {
        QueryParameters given =
                QueryParameters.of(
                        uri, "userId", "channel", "status", "from", "to", "limit", "pageToken");
        Caller caller = callers.current();
        Optional<String> userId = given.name("userId").or(caller.viewer()::userId);
        String scope = given.tokenScope("sessions of " + caller.viewer().userId().orElse("all"));
        SessionQuery query =
                new SessionQuery(
                        userId,
                        started(given, userId),
                        given.name("channel"),
                        given.choice("status", Session.Status.class),
                        given.limit(DEFAULT_LIMIT, SessionQuery.MAX_LIMIT),
                        tokens.pageCursor(scope, given));
        return Problems.within(config.deadline(), caller.sessions().list(query))
                .map(page -> part(page, scope, uri));
    }

    /**
     * Returns the time range of a list. The sessions of a user are one partition of an index; those
     * of all users are several partitions for each day, so their time range is limited.
     */
    private TimeRange started(QueryParameters given, Optional<String> userId) {
        if (userId.isPresent()) {
            return given.range(Instant.MIN, Instant.MAX);
        }
        Instant to = given.time("to").orElseGet(() -> clock.instant().plus(MAX_CLOCK_SKEW));
        // The range starts at the beginning of a day, so that the end of the list does not move
        // while a client reads it.
        Instant from = to.minus(DEFAULT_RANGE).truncatedTo(ChronoUnit.DAYS);
        TimeRange started = given.range(from, to);
        if (started.length().compareTo(config.listMaxWindow()) > 0) {
            throw Problems.badRequest(
                    "from and to must not be more than %d days apart, unless userId is given"
                            .formatted(config.listMaxWindow().toDays()));
        }
        return started;
    }

    private Response part(ResultPage<Session> page, String scope, UriInfo uri) {
        String next = tokens.nextPageToken(scope, page);
        return Responses.part(
                new SessionsView(
                        page.items().stream().map(SessionView::withoutTurns).toList(), next),
                next,
                uri);
    }

    @GET
    @Path("{sessionId}")
    public Uni<Response> find(
            @RestPath String sessionId, @Context UriInfo uri, @Context HttpHeaders headers) {
        QueryParameters given = QueryParameters.of(uri, "turns", "recent", "consistent");
        boolean withTurns = given.choice("turns", Turns.class).orElse(Turns.RECENT) == Turns.RECENT;
        if (!withTurns && given.text("recent").isPresent()) {
            throw Problems.badRequest("recent can't be given with turns=none");
        }
        int turns = withTurns ? given.number("recent", DEFAULT_RECENT, MAX_RECENT) : 0;
        Problems.requireSessionId(sessionId);
        return Problems.within(
                        config.deadline(),
                        callers.current().sessions().find(sessionId, turns, given.consistency()))
                .map(
                        found ->
                                found.map(withTurns ? SessionView::of : SessionView::withoutTurns)
                                        .map(view -> responseFor(view, headers))
                                        .orElseThrow(() -> Problems.noSession(sessionId)));
    }

    private enum Turns {
        RECENT,
        NONE
    }

    private static Response responseFor(SessionView view, HttpHeaders headers) {
        Version version = new Version(Long.toString(view.version()));
        return version.conditionalResponse(headers)
                .orElseGet(() -> Response.ok(view))
                .tag(version.tag())
                .cacheControl(noStore())
                .build();
    }
}
