package dev.parley.dynamodb.client;

import dev.parley.session.SessionStoreException;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.context.Context;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * Makes requests: each of them when it is admitted, with its metrics and its span, and with its
 * failures translated to {@link SessionStoreException}.
 */
final class Requests {

    /** Decides when a request may be made. */
    interface Admission {
        <T> Uni<T> admit(Supplier<Uni<T>> request);
    }

    private static final Admission AT_ONCE =
            new Admission() {
                @Override
                public <T> Uni<T> admit(Supplier<Uni<T>> request) {
                    return request.get();
                }
            };

    private final RequestMetrics metrics;
    private final RequestSpans spans;
    private final Counter conflicts;
    private final Admission admission;
    private final @Nullable Executor answers;

    Requests(String table, MeterRegistry registry, OpenTelemetry telemetry) {
        metrics = new RequestMetrics(registry);
        spans = new RequestSpans(telemetry, table);
        conflicts =
                Counter.builder("parley.dynamodb.conflicts")
                        .description("Conditional writes that met another state than expected")
                        .register(registry);
        admission = AT_ONCE;
        answers = null;
    }

    private Requests(Requests same, Admission admission, @Nullable Executor answers) {
        metrics = same.metrics;
        spans = same.spans;
        conflicts = same.conflicts;
        this.admission = admission;
        this.answers = answers;
    }

    Requests within(Admission admission) {
        return new Requests(this, admission, answers);
    }

    Requests answering(Executor answers) {
        return new Requests(this, admission, answers);
    }

    /**
     * Returns where the current caller continues after it has waited: on the given executor, or in
     * its Vert.x context if it has one, or on the thread that delivers the response.
     */
    Executor continuation() {
        return answers == null ? currentContext() : answers;
    }

    /**
     * Returns what runs work in the current Vert.x context, after what waits there already, or at
     * once if there is no context.
     */
    static Executor currentContext() {
        io.vertx.core.Context current = Vertx.currentContext();
        return current == null ? Runnable::run : work -> current.runOnContext(now -> work.run());
    }

    /**
     * Returns the time since the last successful request; at least one day if there was none yet.
     */
    Duration sinceAnswer() {
        return metrics.sinceAnswer();
    }

    /**
     * Makes a request.
     *
     * @param items the number of items in the request
     * @param units the capacity units that the response reports
     */
    <T> Uni<T> call(
            Operation operation,
            int items,
            Supplier<? extends CompletionStage<T>> request,
            ToDoubleFunction<T> units) {
        return send(operation, items, request, units)
                .onFailure()
                .transform(DynamoDbFailures::translated);
    }

    /**
     * Makes a conditional write. A false condition is a result here and not a failure. Every other
     * request uses {@link #call}, which translates the same error to a temporary failure.
     *
     * @param items the number of items in the request
     * @param units the capacity units that the response reports
     */
    <T> Uni<WriteResult> conditional(
            Operation operation,
            int items,
            Supplier<? extends CompletionStage<T>> request,
            ToDoubleFunction<T> units) {
        return result(send(operation, items, request, units));
    }

    /** Returns the result of a conditional write: a false condition is not a failure. */
    Uni<WriteResult> result(Uni<?> write) {
        return write.<WriteResult>map(response -> WriteResult.DONE)
                .onFailure()
                .recoverWithUni(failure -> conflictOrFailure(failure));
    }

    private Uni<WriteResult> conflictOrFailure(Throwable failure) {
        return DynamoDbFailures.conflict(failure)
                .map(found -> Uni.createFrom().item(met(found)))
                .orElseGet(
                        () -> Uni.createFrom().failure(() -> DynamoDbFailures.translated(failure)));
    }

    /** Counts a conflict, and returns it. */
    WriteResult met(WriteResult.Conflict conflict) {
        conflicts.increment();
        return conflict;
    }

    private <T> Uni<T> send(
            Operation operation,
            int items,
            Supplier<? extends CompletionStage<T>> request,
            ToDoubleFunction<T> units) {
        Uni<T> sent =
                Uni.createFrom()
                        .context(
                                subscription -> {
                                    Context trace = RequestSpans.of(subscription);
                                    return admitted(
                                            operation,
                                            items,
                                            () ->
                                                    spans.traced(
                                                            operation, List.of(trace), 1, request),
                                            units);
                                });
        return answers == null ? sent : sent.emitOn(answers);
    }

    /**
     * Makes a request that several callers share. It is part of the trace of each of them. Its
     * failure is not translated.
     *
     * @param items the number of items in the request
     */
    <T> Uni<T> shared(
            Operation operation,
            List<? extends Caller<?, ?>> callers,
            int items,
            Supplier<? extends CompletionStage<T>> request,
            ToDoubleFunction<T> units) {
        List<Context> traces = callers.stream().map(Caller::trace).toList();
        return admitted(
                operation, items, () -> spans.traced(operation, traces, items, request), units);
    }

    private <T> Uni<T> admitted(
            Operation operation,
            int items,
            Supplier<? extends CompletionStage<T>> request,
            ToDoubleFunction<T> units) {
        return admission.admit(
                () ->
                        Uni.createFrom()
                                .completionStage(
                                        () -> metrics.measured(operation, items, request, units)));
    }
}
