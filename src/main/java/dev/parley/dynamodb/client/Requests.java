package dev.parley.dynamodb.client;

import dev.parley.session.SessionStoreException;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.context.Context;
import io.smallrye.mutiny.Uni;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Supplier;

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

    final RequestMetrics metrics;
    private final RequestSpans spans;
    private final Counter conflicts;
    private final Admission admission;
    private final Executor answers;

    Requests(String table, MeterRegistry registry, OpenTelemetry telemetry) {
        metrics = new RequestMetrics(registry);
        spans = new RequestSpans(telemetry, table);
        conflicts =
                Counter.builder("parley.dynamodb.conflicts")
                        .description("Conditional writes that met another state than expected")
                        .register(registry);
        admission = AT_ONCE;
        answers = Runnable::run;
    }

    private Requests(Requests same, Admission admission, Executor answers) {
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

    <T> Uni<T> call(Operation operation, Supplier<? extends CompletionStage<T>> request) {
        return send(operation, request).onFailure().transform(DynamoDbFailures::translated);
    }

    /**
     * Makes a conditional write. A false condition is a result here and not a failure. Every other
     * request uses {@link #call}, which translates the same error to a temporary failure.
     *
     * @param done records the consumed capacity, and returns what was written
     */
    <T> Uni<WriteResult> conditional(
            Operation operation,
            Supplier<? extends CompletionStage<T>> request,
            Function<T, WriteResult.Done> done) {
        return send(operation, request)
                .<WriteResult>map(done)
                .onFailure()
                .recoverWithUni(failure -> conflictOrFailure(failure));
    }

    private Uni<WriteResult> conflictOrFailure(Throwable failure) {
        Optional<WriteResult.Conflict> conflict = DynamoDbFailures.conflict(failure);
        conflict.ifPresent(found -> conflicts.increment());
        return conflict.map(found -> Uni.createFrom().<WriteResult>item(found))
                .orElseGet(
                        () -> Uni.createFrom().failure(() -> DynamoDbFailures.translated(failure)));
    }

    private <T> Uni<T> send(Operation operation, Supplier<? extends CompletionStage<T>> request) {
        return Uni.createFrom()
                .context(
                        subscription ->
                                sendWhenAdmitted(operation, RequestSpans.of(subscription), request))
                .emitOn(answers);
    }

    private <T> Uni<T> sendWhenAdmitted(
            Operation operation, Context trace, Supplier<? extends CompletionStage<T>> request) {
        return admission.admit(
                () ->
                        Uni.createFrom()
                                .completionStage(
                                        () ->
                                                metrics.timed(
                                                        operation,
                                                        () ->
                                                                spans.traced(
                                                                        operation, trace,
                                                                        request))));
    }
}
