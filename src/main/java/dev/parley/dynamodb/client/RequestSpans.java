package dev.parley.dynamodb.client;

import dev.parley.SubscriptionTrace;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Creates a span for each request that is part of a trace, with the names of <a
 * href="https://opentelemetry.io/docs/specs/semconv/database/dynamodb/">OpenTelemetry</a>. Spans
 * contain neither keys nor items. A request without a trace, such as a poll of a followed session,
 * does not start one.
 */
final class RequestSpans {

    private static final AttributeKey<String> SYSTEM = AttributeKey.stringKey("db.system.name");
    private static final AttributeKey<String> OPERATION =
            AttributeKey.stringKey("db.operation.name");
    private static final AttributeKey<String> TABLE = AttributeKey.stringKey("db.collection.name");
    private static final AttributeKey<Long> BATCH_SIZE =
            AttributeKey.longKey("db.operation.batch.size");
    private static final AttributeKey<String> ERROR = AttributeKey.stringKey("error.type");

    private final Tracer tracer;
    private final String table;

    RequestSpans(OpenTelemetry telemetry, String table) {
        this.tracer = telemetry.getTracer("dev.parley.dynamodb");
        this.table = table;
    }

    /**
     * Returns the trace that a subscription is part of. The first request of the subscription
     * determines it, because that request runs in the context of the REST request. The subscription
     * then stores it, because each later request runs on the thread that delivered the response
     * before.
     */
    static Context of(io.smallrye.mutiny.Context subscription) {
        Context known = subscription.getOrElse(SubscriptionTrace.KEY, Context::current);
        if (!subscription.contains(SubscriptionTrace.KEY)) {
            subscription.put(SubscriptionTrace.KEY, known);
        }
        return known;
    }

    /**
     * Makes a request, with a span in each trace that it is part of.
     *
     * @param traces the traces of its callers
     * @param items the number of items in the request
     */
    <T> CompletionStage<T> traced(
            Operation operation,
            List<Context> traces,
            int items,
            Supplier<? extends CompletionStage<T>> request) {
        List<Span> spans =
                traces.stream()
                        .filter(RequestSpans::isValid)
                        .map(trace -> start(operation, trace, items))
                        .toList();
        boolean isTraced = !spans.isEmpty() || isValid(Context.current());
        CompletionStage<T> response = request.get();
        if (!spans.isEmpty()) {
            var _ = response.whenComplete((ok, failed) -> spans.forEach(span -> end(span, failed)));
        }
        return isTraced ? whereItWasSent(response) : response;
    }

    private static boolean isValid(Context trace) {
        return Span.fromContext(trace).getSpanContext().isValid();
    }

    private Span start(Operation operation, Context trace, int items) {
        SpanBuilder span =
                tracer.spanBuilder(operation.label() + " " + table)
                        .setParent(trace)
                        .setSpanKind(SpanKind.CLIENT)
                        .setAttribute(SYSTEM, "aws.dynamodb")
                        .setAttribute(OPERATION, operation.label())
                        .setAttribute(TABLE, table);
        if (items > 1) {
            span.setAttribute(BATCH_SIZE, items);
        }
        return span.startSpan();
    }

    /**
     * Completes the response in the Vert.x context that sent the request. The AWS SDK completes
     * responses on event loops that may belong to other requests. Code that continues there would
     * leave its trace in that thread, and the next request on the thread would wrongly become a
     * part of that trace.
     */
    private static <T> CompletionStage<T> whereItWasSent(CompletionStage<T> response) {
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

    /**
     * Ends the span. The span contains the class of a failure but not its message, which may
     * contain any data.
     */
    private static void end(Span span, @Nullable Throwable failed) {
        if (failed != null) {
            span.setStatus(StatusCode.ERROR)
                    .setAttribute(ERROR, DynamoDbFailures.cause(failed).getClass().getSimpleName());
        }
        span.end();
    }
}
