package dev.parley.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.parley.api.stream.StreamedBody;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import java.security.Principal;
import java.util.List;
import java.util.Locale;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.ServerResponseFilter;
import org.jboss.resteasy.reactive.server.SimpleResourceInfo;
import org.jspecify.annotations.Nullable;

/**
 * Logs who read what. Each response is one line of JSON in a separate log category, {@value
 * #CATEGORY}, whose records have the time. The line contains ids, and nothing that was said.
 */
public class ReadAudit {

    static final String CATEGORY = "dev.parley.audit";

    private static final Logger LOG = Logger.getLogger(CATEGORY);

    /**
     * The lines are ASCII, so that an id that contains a line break or an invisible character can't
     * pretend to be a line.
     */
    private static final ObjectWriter JSON =
            JsonMapper.builder()
                    .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
                    .build()
                    .writerFor(Line.class);

    /**
     * A line of the audit.
     *
     * @param who the subject of the token, or {@code anonymous}
     * @param read the name of the operation
     * @param sessions the sessions that were returned or requested
     * @param brokeOff which side, {@code service} or {@code client}, broke off a stream that is not
     *     complete, in a second line of that stream; null otherwise
     * @param items how many turns or events the stream had until then; null otherwise
     */
    @RegisterForReflection
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Line(
            String who,
            String read,
            List<String> sessions,
            int status,
            @Nullable String brokeOff,
            @Nullable Long items) {

        Line brokenOff(StreamedBody.Break ending) {
            String by = ending.by().name().toLowerCase(Locale.ROOT);
            return new Line(who, read, sessions, status, by, ending.items());
        }
    }

    @Audited
    @ServerResponseFilter
    public void record(
            ContainerRequestContext request,
            ContainerResponseContext response,
            SimpleResourceInfo resource) {
        if (LOG.isInfoEnabled()) {
            Principal principal = request.getSecurityContext().getUserPrincipal();
            Line line =
                    new Line(
                            principal == null ? "anonymous" : principal.getName(),
                            resource.getMethodName(),
                            sessions(request, response),
                            response.getStatus(),
                            null,
                            null);
            LOG.info(text(line));
            if (response.getEntity() instanceof StreamedBody stream) {
                response.setEntity(
                        stream.withBreakListener(ending -> LOG.info(text(line.brokenOff(ending)))));
            }
        }
    }

    private static List<String> sessions(
            ContainerRequestContext request, ContainerResponseContext response) {
        return response.getEntity() instanceof SessionsView list
                ? list.items().stream().map(SessionView::sessionId).toList()
                : request.getUriInfo().getPathParameters().getOrDefault("sessionId", List.of());
    }

    private static String text(Line line) {
        try {
            return JSON.writeValueAsString(line);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
