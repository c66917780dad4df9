package dev.parley.dynamodb.client;

import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.vertx.core.Vertx;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A span for each request that is part of a trace, named as <a
 * href="https://opentelemetry.io/docs/specs/semconv/database/dynamodb/">OpenTelemetry</a> says,
 * with nothing of keys or items in it. What nobody asked for, such as a look at a session that is
 * followed, begins no trace.
 */
final class RequestSpans {

    /** Under which a subscription keeps its trace; ingestion puts it there by the same name. */
    private static final String TRACE = Context.class.getName();

    private static final AttributeKey<String> SYSTEM = AttributeKey.stringKey("db.system.name");
    private static final AttributeKey<String> OPERATION =
            AttributeKey.stringKey("db.operation.name");
    private static final AttributeKey<String> TABLE = AttributeKey.stringKey("db.collection.name");
    private static final AttributeKey<String> ERROR = AttributeKey.stringKey("error.type");

    private final Tracer tracer;
    private final String table;

    RequestSpans(OpenTelemetry telemetry, String table) {
        this.tracer = telemetry.getTracer("dev.parley.dynamodb");
        this.table = table;
    }

    /**
     * The trace that a subscription is part of. It is looked up at its first request, which is made
     * where the REST request is known, and kept: later ones are made by whichever thread brought
     * the answer before.
     */
    static Context of(io.smallrye.mutiny.Context subscription) {
        Context known = subscription.getOrElse(TRACE, Context::current);
        if (!subscription.contains(TRACE)) {
            subscription.put(TRACE, known);
        }
        return known;
    }

    /** Makes the request. */
    <T> CompletionStage<T> traced(
            Operation operation, Context trace, Supplier<? extends CompletionStage<T>> request) {
        if (!Span.fromContext(trace).getSpanContext().isValid()) {
            return request.get();
        }
        Span span =
                tracer.spanBuilder(operation.label() + " " + table)
                        .setParent(trace)
                        .setSpanKind(SpanKind.CLIENT)
                        .setAttribute(SYSTEM, "aws.dynamodb")
                        .setAttribute(OPERATION, operation.label())
                        .setAttribute(TABLE, table)
                        .startSpan();
        CompletionStage<T> response = request.get();
        var _ = response.whenComplete((ok, failed) -> end(span, failed));
        return whereItWasAsked(response);
    }

    /**
     * The AWS SDK brings answers by event loops that may be those of other requests. Whatever goes
     * on there takes its trace along, and leaves it behind in that thread, where the next request
     * would be taken for a part of it.
     */
    private static <T> CompletionStage<T> whereItWasAsked(CompletionStage<T> response) {
        io.vertx.core.Context asked = Vertx.currentContext();
        if (asked == null) {
            return response;
        }
        CompletableFuture<T> there = new CompletableFuture<>();
        var _ =
                response.whenComplete(
                        (ok, failed) ->
                                asked.runOnContext(
                                        now -> {
                                            if (failed == null) {
                                                there.complete(ok);
                                            } else {
                                                there.completeExceptionally(failed);
                                            }
                                        }));
        return there;
    }

    /** The kind of a failure is told; its text may have anything in it. */
    private static void end(Span span, @Nullable Throwable failed) {
        if (failed != null) {
            span.setStatus(StatusCode.ERROR)
                    .setAttribute(ERROR, DynamoDbFailures.cause(failed).getClass().getSimpleName());
        }
        span.end();
    }
}
