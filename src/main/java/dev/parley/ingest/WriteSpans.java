package dev.parley.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.parley.SubscriptionTrace;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/**
 * Creates a span for each write of a session. If all records that have a trace context have the
 * same one, it is the parent of the span. Several different ones are linked, as <a
 * href="https://opentelemetry.io/docs/specs/semconv/messaging/messaging-spans/">OpenTelemetry</a>
 * specifies for batches. Apart from the id of the session, a span contains nothing of the
 * conversation.
 */
@ApplicationScoped
class WriteSpans {

    private static final int MAX_LINKS = 100;

    private static final AttributeKey<String> SYSTEM = AttributeKey.stringKey("messaging.system");
    private static final AttributeKey<String> TOPIC =
            AttributeKey.stringKey("messaging.destination.name");
    private static final AttributeKey<String> OPERATION =
            AttributeKey.stringKey("messaging.operation.type");
    private static final AttributeKey<Long> RECORDS =
            AttributeKey.longKey("messaging.batch.message_count");
    private static final AttributeKey<String> SESSION =
            AttributeKey.stringKey("gen_ai.conversation.id");
    private static final AttributeKey<String> ERROR = AttributeKey.stringKey("error.type");

    private final Tracer tracer;
    private final boolean off;

    WriteSpans(
            OpenTelemetry telemetry,
            @ConfigProperty(name = "quarkus.otel.sdk.disabled") boolean off) {
        this.tracer = telemetry.getTracer("dev.parley.ingest");
        this.off = off;
    }

    /** Returns the same write, within a span if tracing is on. */
    <T> Uni<T> trace(
            String sessionId,
            Supplier<List<ConsumerRecord<byte[], byte[]>>> records,
            Uni<T> write) {
        return off
                ? write
                : Uni.createFrom().deferred(() -> within(start(sessionId, records.get()), write));
    }

    /**
     * Runs the write in a separate subscription, because writes of sessions with other traces share
     * the subscription of the batch.
     */
    private static <T> Uni<T> within(Span span, Uni<T> write) {
        var trace = io.smallrye.mutiny.Context.of(SubscriptionTrace.KEY, Context.root().with(span));
        Uni<T> own =
                Uni.createFrom()
                        .emitter(
                                emitter -> {
                                    var running =
                                            write.subscribe()
                                                    .with(trace, emitter::complete, emitter::fail);
                                    emitter.onTermination(running::cancel);
                                });
        return own.onTermination().invoke((ok, failure, cancelled) -> end(span, failure));
    }

    private Span start(String sessionId, List<ConsumerRecord<byte[], byte[]>> records) {
        Set<SpanContext> published =
                records.stream()
                        .map(record -> traceContext(record.headers()))
                        .filter(SpanContext::isValid)
                        .collect(Collectors.toCollection(LinkedHashSet::new));
        SpanBuilder span =
                tracer.spanBuilder("process " + records.getFirst().topic())
                        .setSpanKind(SpanKind.CONSUMER)
                        .setAttribute(SYSTEM, "kafka")
                        .setAttribute(TOPIC, records.getFirst().topic())
                        .setAttribute(OPERATION, "process")
                        .setAttribute(RECORDS, (long) records.size())
                        .setAttribute(SESSION, sessionId);
        if (published.size() == 1) {
            span.setParent(Context.root().with(Span.wrap(published.iterator().next())));
        } else {
            span.setNoParent();
            published.stream().limit(MAX_LINKS).forEach(span::addLink);
        }
        return span.startSpan();
    }

    /**
     * Returns the trace context of the header {@code traceparent}; an invalid one if the header is
     * missing or malformed.
     */
    private static SpanContext traceContext(Headers headers) {
        Context context =
                W3CTraceContextPropagator.getInstance().extract(Context.root(), headers, HEADERS);
        return Span.fromContext(context).getSpanContext();
    }

    private static final TextMapGetter<Headers> HEADERS =
            new TextMapGetter<>() {
                @Override
                public Iterable<String> keys(Headers headers) {
                    return StreamSupport.stream(headers.spliterator(), false)
                            .map(Header::key)
                            .toList();
                }

                @Override
                public @Nullable String get(@Nullable Headers headers, String name) {
                    Header header = headers == null ? null : headers.lastHeader(name);
                    return header == null || header.value() == null
                            ? null
                            : new String(header.value(), UTF_8);
                }
            };

    /**
     * Ends the span. It records the class of a failure, but not its message, which may contain
     * anything.
     */
    private static void end(Span span, @Nullable Throwable failure) {
        if (failure != null) {
            span.setStatus(StatusCode.ERROR)
                    .setAttribute(ERROR, failure.getClass().getSimpleName());
        }
        span.end();
    }
}
