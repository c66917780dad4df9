package dev.parley.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.parley.session.Json;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.ext.Provider;
import java.io.OutputStream;
import java.lang.annotation.Annotation;
import java.lang.reflect.Type;
import java.util.List;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.core.ResteasyReactiveRequestContext;
import org.jboss.resteasy.reactive.server.spi.ResteasyReactiveResourceInfo;
import org.jboss.resteasy.reactive.server.spi.ServerHttpResponse;
import org.jboss.resteasy.reactive.server.spi.ServerMessageBodyWriter;
import org.jboss.resteasy.reactive.server.spi.ServerRequestContext;

/**
 * Writes a {@link TurnStream} as its client takes it: the next turns are read once those before
 * have left for the network, so a slow client holds no more than a few pages.
 *
 * <p>A whole stream ends with the trailer {@value #TURNS}, which says how many lines it has. A
 * stream that fails on its way breaks off the connection, without the end that HTTP asks for, so
 * that no client takes a part for the whole.
 */
@Provider
@Produces(TurnStream.MEDIA_TYPE)
public class TurnStreamWriter implements ServerMessageBodyWriter<TurnStream> {

    static final String TURNS = "Parley-Turns";

    private static final Logger LOG = Logger.getLogger(TurnStreamWriter.class);

    @Override
    public boolean isWriteable(
            Class<?> type,
            Type genericType,
            ResteasyReactiveResourceInfo target,
            MediaType mediaType) {
        return TurnStream.class.isAssignableFrom(type);
    }

    @Override
    public boolean isWriteable(
            Class<?> type, Type genericType, Annotation[] annotations, MediaType mediaType) {
        return TurnStream.class.isAssignableFrom(type);
    }

    @Override
    public void writeResponse(TurnStream stream, Type genericType, ServerRequestContext context) {
        ResteasyReactiveRequestContext request = (ResteasyReactiveRequestContext) context;
        request.suspend();
        ServerHttpResponse response = context.serverResponse();
        response.setResponseHeader("Trailer", TURNS);
        HttpServerResponse connection = request.unwrap(RoutingContext.class).response();
        connection.setChunked(true);
        stream.turns()
                .onItem()
                .transformToUniAndConcatenate(
                        turns ->
                                Uni.createFrom()
                                        .completionStage(() -> response.write(lines(turns)))
                                        .replaceWith(turns.size()))
                .collect()
                .with(Collectors.summingLong(Integer::longValue))
                .subscribe()
                .with(
                        turns -> {
                            connection.putTrailer(TURNS, Long.toString(turns));
                            response.end();
                            request.close();
                        },
                        failure -> {
                            if (!connection.closed()) {
                                LOG.warnf("A stream of turns broke off: %s", failure.getMessage());
                            }
                            connection.reset();
                            request.close();
                        });
    }

    private static byte[] lines(List<Json> turns) {
        StringBuilder lines = new StringBuilder();
        turns.forEach(turn -> lines.append(turn.text()).append('\n'));
        return lines.toString().getBytes(UTF_8);
    }

    @Override
    public void writeTo(
            TurnStream stream,
            Class<?> type,
            Type genericType,
            Annotation[] annotations,
            MediaType mediaType,
            MultivaluedMap<String, Object> headers,
            OutputStream out)
            throws WebApplicationException {
        throw new UnsupportedOperationException("only written as it is asked for");
    }
}
