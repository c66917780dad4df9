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
 * One load that Hyperfoil sends, by so many users, each with a connection of its own and one
 * request after the other. Hyperfoil tells its own times in milliseconds where they count from the
 * moment that a request was due, so that is measured here. All runs on Hyperfoil's one thread.
 */
final class HttpLoad {

    private final URI service;
    private final RestAnswers answers;
    private final int users;
    private final Duration time;
    private final double perSecond;
    private final Histogram latencies = new Histogram(3);
    private final Map<Integer, User> byId = new HashMap<>();
    private long failed;
    private double seconds;

    /** From the first request on, when all connections are there. */
    private @Nullable Pace pace;

    /**
     * @param answers what to ask for, and what must come
     */
    HttpLoad(URI service, RestAnswers answers, int users, Duration time, double perSecond) {
        this.service = service;
        this.answers = answers;
        this.users = users;
        this.time = time;
        this.perSecond = perSecond;
    }

    /** What one of the users is at. */
    private static final class User {
        private int request = -1;
        private long due;
        private int bytes;
    }

    Timing send() {
        CpuTime cpu = CpuTime.start();
        new LocalSimulationRunner(benchmark(), this::take, null, null).run();
        if (failed > 0) {
            throw new IllegalStateException(
                    "%d answers of some %d are wrong".formatted(failed, latencies.getTotalCount()));
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
        Step onTime = this::isOnTime;
        benchmark
                .addPhase("reads")
                .always(users)
                .duration(time.toMillis())
                .scenario()
                .initialSequence("read")
                .step(onTime)
                .step(HttpStepCatalog.SC)
                .httpRequest(HttpMethod.GET)
                .path(session -> answers.path(user(session).request))
                .headers()
                .header("accept", answers.accept())
                .endHeaders()
                .handler()
                .body(fragmented -> this::take)
                .onCompletion(this::complete)
                .endHandler()
                .endStep();
        return benchmark.build();
    }

    private User user(Session session) {
        return byId.computeIfAbsent(session.uniqueId(), ignored -> new User());
    }

    /** Asked again when it is time, if it wasn't yet. */
    private boolean isOnTime(Session session) {
        User user = user(session);
        if (pace == null) {
            pace = Pace.of(time, perSecond);
        }
        if (user.request < 0) {
            user.request = pace.next();
            user.due = pace.due(user.request);
            user.bytes = 0;
        }
        long early = user.due - System.nanoTime();
        if (early > 0) {
            Load.later(() -> session.executor().execute(session.runTask()), early);
        }
        return early <= 0;
    }

    private void take(Session session, ByteBuf data, int offset, int length, boolean isLastPart) {
        user(session).bytes += length;
    }

    private void complete(Session session) {
        User user = user(session);
        latencies.recordValue(System.nanoTime() - user.due);
        if (user.bytes != answers.bytesOf(user.request)) {
            failed++;
        }
        user.request = -1;
        seconds = requireNonNull(pace).seconds();
    }

    private void take(
            Phase phase, int stepId, String metric, StatisticsSnapshot told, CountDown countDown) {
        failed += told.requestCount - HttpStats.get(told).status_2xx;
    }
}
