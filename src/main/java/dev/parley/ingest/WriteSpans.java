package dev.parley.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;

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
 * A span for each write of a session. Records that all belong to one trace are its parent; those of
 * several are linked, as <a
 * href="https://opentelemetry.io/docs/specs/semconv/messaging/messaging-spans/">OpenTelemetry</a>
 * has it for batches. Nothing but the session's id tells what it is about.
 */
@ApplicationScoped
class WriteSpans {

    /** Under which a subscription keeps its trace: the store looks for it by the same name. */
    private static final String TRACE = Context.class.getName();

    private static final int MOST_LINKS = 100;

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

    /** The same write, within a span if there are any. */
    <T> Uni<T> of(
            String sessionId,
            Supplier<List<ConsumerRecord<byte[], byte[]>>> records,
            Uni<T> write) {
        return off
                ? write
                : Uni.createFrom().deferred(() -> within(start(sessionId, records.get()), write));
    }

    /** In a subscription of its own: that of the batch is shared by sessions of other traces. */
    private static <T> Uni<T> within(Span span, Uni<T> write) {
        var trace = io.smallrye.mutiny.Context.of(TRACE, Context.root().with(span));
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
                        .map(record -> published(record.headers()))
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
            published.stream().limit(MOST_LINKS).forEach(span::addLink);
        }
        return span.startSpan();
    }

    /** What the header {@code traceparent} says; not valid where it says nothing good. */
    private static SpanContext published(Headers headers) {
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

    /** The kind of a failure is told; its text may have anything in it. */
    private static void end(Span span, @Nullable Throwable failure) {
        if (failure != null) {
            span.setStatus(StatusCode.ERROR)
                    .setAttribute(ERROR, failure.getClass().getSimpleName());
        }
        span.end();
    }
}
