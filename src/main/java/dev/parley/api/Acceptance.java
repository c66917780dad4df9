package dev.parley.api;

import dev.parley.api.problem.StatusDetail;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.Optional;
import org.jboss.resteasy.reactive.common.util.ServerMediaType;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;
import org.jboss.resteasy.reactive.server.core.ResteasyReactiveRequestContext;
import org.jboss.resteasy.reactive.server.mapping.RuntimeResource;
import org.jboss.resteasy.reactive.server.spi.ResteasyReactiveContainerRequestContext;

/**
 * Refuses requests whose client accepts none of the media types that are offered. Quarkus REST does
 * so, too, but serves a type that has the weight 0.
 */
public class Acceptance {

    /** Returns a problem with the status 406; empty to let the request through. */
    @ServerRequestFilter
    public Optional<Response> check(
            ResteasyReactiveContainerRequestContext request, HttpHeaders headers) {
        List<MediaType> offered = offered(request);
        return offered.isEmpty() || AcceptedTypes.of(headers).best(offered).isPresent()
                ? Optional.empty()
                : Optional.of(StatusDetail.problem(406).toResponse());
    }

    private static List<MediaType> offered(ResteasyReactiveContainerRequestContext request) {
        RuntimeResource resource =
                ((ResteasyReactiveRequestContext) request.getServerRequestContext()).getTarget();
        ServerMediaType produced = resource == null ? null : resource.getProduces();
        return produced == null ? List.of() : List.of(produced.getSortedOriginalMediaTypes());
    }
}
