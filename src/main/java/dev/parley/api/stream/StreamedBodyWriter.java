package dev.parley.api.stream;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.parley.api.stream.StreamedBody.Break;
import dev.parley.api.stream.StreamedBody.By;
import dev.parley.api.stream.StreamedBody.Chunk;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.ext.Provider;
import java.io.OutputStream;
import java.lang.annotation.Annotation;
import java.lang.reflect.Type;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.core.ResteasyReactiveRequestContext;
import org.jboss.resteasy.reactive.server.spi.ResteasyReactiveResourceInfo;
import org.jboss.resteasy.reactive.server.spi.ServerHttpResponse;
import org.jboss.resteasy.reactive.server.spi.ServerMessageBodyWriter;
import org.jboss.resteasy.reactive.server.spi.ServerRequestContext;

/**
 * Writes a {@link StreamedBody} as its client reads it. The next chunk is requested once the one
 * before is sent to the network. So a slow client takes no more memory than a few pages, and a
 * client that disconnects ends the stream.
 *
 * <p>A body that fails before any of it was written is answered as a problem. A body that fails
 * later breaks off the connection, without the end that HTTP requires, so that no client takes a
 * part for the whole.
 */
@Provider
@Produces({StreamedBody.LINES, MediaType.SERVER_SENT_EVENTS})
public class StreamedBodyWriter implements ServerMessageBodyWriter<StreamedBody> {

    private static final Logger LOG = Logger.getLogger(StreamedBodyWriter.class);

    /** The client disconnected, which is not a failure of the service. */
    private static final class ClientDisconnected extends RuntimeException {
        private static final long serialVersionUID = 1;

        ClientDisconnected() {
            super("the client disconnected", null, false, false);
        }
    }

    @Override
    public boolean isWriteable(
            Class<?> type,
            Type genericType,
            ResteasyReactiveResourceInfo target,
            MediaType mediaType) {
        return StreamedBody.class.isAssignableFrom(type);
    }

    @Override
    public boolean isWriteable(
            Class<?> type, Type genericType, Annotation[] annotations, MediaType mediaType) {
        return StreamedBody.class.isAssignableFrom(type);
    }

    @Override
    public void writeResponse(StreamedBody body, Type genericType, ServerRequestContext context) {
        ResteasyReactiveRequestContext request = (ResteasyReactiveRequestContext) context;
        request.suspend();
        ServerHttpResponse response = request.serverResponse();
        CompletableFuture<Void> disconnected = new CompletableFuture<>();
        response.addCloseHandler(
                () -> disconnected.completeExceptionally(new ClientDisconnected()));
        AtomicLong items = new AtomicLong();
        Uni<Void> written =
                body.chunks()
                        .onItem()
                        .transformToUniAndConcatenate(
                                chunk ->
                                        write(chunk, body, request)
                                                .invoke(() -> items.addAndGet(chunk.items())))
                        .onItem()
                        .ignoreAsUni();
        Uni.combine()
                .any()
                .of(written, Uni.createFrom().completionStage(disconnected))
                .subscribe()
                .with(
                        all -> end(items.get(), body, request),
                        failure -> breakOff(failure, items.get(), body, request));
    }

    private static Uni<Void> write(
            Chunk chunk, StreamedBody body, ResteasyReactiveRequestContext request) {
        return Uni.createFrom()
                .completionStage(
                        () -> {
                            begin(body, request);
                            return request.serverResponse().write(chunk.text().getBytes(UTF_8));
                        })
                .onFailure()
                .transform(failed -> new ClientDisconnected());
    }

    private static void begin(StreamedBody body, ResteasyReactiveRequestContext request) {
        ServerHttpResponse response = request.serverResponse();
        if (!response.headWritten()) {
            response.setChunked(true);
            body.trailer().ifPresent(name -> response.setResponseHeader("Trailer", name));
        }
    }

    private static void end(long items, StreamedBody body, ResteasyReactiveRequestContext request) {
        begin(body, request);
        body.trailer()
                .ifPresent(name -> connection(request).putTrailer(name, Long.toString(items)));
        request.serverResponse().end();
        request.close();
    }

    private static void breakOff(
            Throwable failure,
            long items,
            StreamedBody body,
            ResteasyReactiveRequestContext request) {
        HttpServerResponse connection = connection(request);
        boolean disconnected = failure instanceof ClientDisconnected;
        if (!disconnected && !connection.headWritten()) {
            request.resume(failure, true);
            return;
        }
        if (!disconnected) {
            LOG.warnf("A stream broke off: %s", failure);
            body.broken().accept(new Break(By.SERVICE, items));
        } else if (body.trailer().isPresent()) {
            // A body that does not end by itself is ended by its client; only other bodies break
            // off.
            body.broken().accept(new Break(By.CLIENT, items));
        }
        connection.reset();
        request.close();
    }

    private static HttpServerResponse connection(ResteasyReactiveRequestContext request) {
        return request.unwrap(RoutingContext.class).response();
    }

    @Override
    public void writeTo(
            StreamedBody body,
            Class<?> type,
            Type genericType,
            Annotation[] annotations,
            MediaType mediaType,
            MultivaluedMap<String, Object> headers,
            OutputStream out) {
        throw new UnsupportedOperationException("this body can only be written asynchronously");
    }
}
