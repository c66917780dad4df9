package dev.parley.bench;

import static java.util.Objects.requireNonNull;

import io.hyperfoil.api.config.Benchmark;
import io.hyperfoil.api.config.BenchmarkBuilder;
import io.hyperfoil.api.config.Phase;
import io.hyperfoil.api.config.Step;
import io.hyperfoil.api.session.Session;
import io.hyperfoil.api.statistics.StatisticsSnapshot;
import io.hyperfoil.core.impl.LocalSimulationRunner;
import io.hyperfoil.core.util.CountDown;
import io.hyperfoil.http.api.HttpMethod;
import io.hyperfoil.http.config.HttpPluginBuilder;
import io.hyperfoil.http.statistics.HttpStats;
import io.hyperfoil.http.steps.HttpStepCatalog;
import io.netty.buffer.ByteBuf;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * A load that Hyperfoil sends. Each of its users has its own connection and sends one request after
 * the other. Latencies count from the time when a request was due. Hyperfoil would report those in
 * milliseconds only, so this class measures them. Everything runs on the only thread of Hyperfoil.
 */
final class HttpLoad {

    private final URI service;
    private final RestAnswers answers;
    private final int users;
    private final Duration time;
    private final double perSecond;
    private final Histogram latencies = new Histogram(3);
    private final Map<Integer, User> byId = new HashMap<>();
    private long refused;
    private long ofWrongLength;
    private String wrongLength = "none";
    private double seconds;

    /** The pace starts with the first request, after all connections are open. */
    private @Nullable Pace pace;

    /**
     * @param answers the requests to send and the answers to expect
     */
    HttpLoad(URI service, RestAnswers answers, int users, Duration time, double perSecond) {
        this.service = service;
        this.answers = answers;
        this.users = users;
        this.time = time;
        this.perSecond = perSecond;
    }

    /** The current request of a user. */
    private static final class User {
        private int request = -1;
        private long due;
        private int bytes;
    }

    Timing send() {
        CpuTime cpu = CpuTime.start();
        new LocalSimulationRunner(benchmark(), this::countFailures, null, null).run();
        if (refused + ofWrongLength > 0) {
            throw new IllegalStateException(
                    "of about %d responses, %d have another status than 2xx, and %d another length than expected; the last of these: %s"
                            .formatted(
                                    latencies.getTotalCount(),
                                    refused,
                                    ofWrongLength,
                                    wrongLength));
        }
        return Timing.of(latencies, seconds, cpu.used());
    }

    private Benchmark benchmark() {
        BenchmarkBuilder benchmark = BenchmarkBuilder.builder().name("reads").threads(1);
        benchmark
                .addPlugin(HttpPluginBuilder::new)
                .http()
                .host(service.getHost())
                .port(service.getPort())
                .allowHttp2(false)
                .sharedConnections(users)
                .endHttp();
        Step isDue = this::isDue;
        benchmark
                .addPhase("reads")
                .always(users)
                .duration(time.toMillis())
                .scenario()
                .initialSequence("read")
                .step(isDue)
                .step(HttpStepCatalog.SC)
                .httpRequest(HttpMethod.GET)
                .path(session -> answers.path(user(session).request))
                .headers()
                .header("accept", answers.accept())
                .endHeaders()
                .handler()
                .body(fragmented -> this::countBytes)
                .onCompletion(this::complete)
                .endHandler()
                .endStep();
        return benchmark.build();
    }

    private User user(Session session) {
        return byId.computeIfAbsent(session.uniqueId(), ignored -> new User());
    }

    /**
     * Returns whether the request of the session is due. If not, Hyperfoil calls this again later.
     */
    private boolean isDue(Session session) {
        User user = user(session);
        if (pace == null) {
            pace = Pace.of(time, perSecond);
        }
        if (user.request < 0) {
            user.request = pace.next();
            user.due = pace.due(user.request);
            user.bytes = 0;
        }
        long nanosToWait = user.due - System.nanoTime();
        if (nanosToWait > 0) {
            Load.runLater(() -> session.executor().execute(session.runTask()), nanosToWait);
        }
        return nanosToWait <= 0;
    }

    private void countBytes(
            Session session, ByteBuf data, int offset, int length, boolean isLastPart) {
        user(session).bytes += length;
    }

    private void complete(Session session) {
        User user = user(session);
        latencies.recordValue(System.nanoTime() - user.due);
        if (!answers.isExpected(user.request, user.bytes)) {
            ofWrongLength++;
            wrongLength =
                    "%d instead of %d bytes, response %d, after %.3f s"
                            .formatted(
                                    user.bytes,
                                    answers.bytesOf(user.request),
                                    user.request,
                                    requireNonNull(pace).seconds());
        }
        user.request = -1;
        seconds = requireNonNull(pace).seconds();
    }

    private void countFailures(
            Phase phase,
            int stepId,
            String metric,
            StatisticsSnapshot statistics,
            CountDown countDown) {
        refused += statistics.requestCount - HttpStats.get(statistics).status_2xx;
    }
}
