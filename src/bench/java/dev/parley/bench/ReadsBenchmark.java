package dev.parley.bench;

import dev.parley.bench.Comparison.Side;
import dev.parley.local.LocalInfrastructureProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * Measures what reads over REST cost in addition to their requests to DynamoDB. The service and the
 * bare client read the same sessions alternately. The service does nothing else meanwhile.
 */
final class ReadsBenchmark {

    private static final Duration ROUND = Duration.ofSeconds(2);

    /**
     * The rate of the calm load, as a part of the highest rate of the bare client. At the highest
     * rate, latencies are mostly waiting in queues; this rate avoids that for both sides.
     */
    private static final double CALM_RATE = 0.5;

    private final BenchSettings settings;
    private final MeasuredService service;
    private final LoadProcess rest;
    private final LoadProcess bare;

    private ReadsBenchmark(
            BenchSettings settings, MeasuredService service, LoadProcess rest, LoadProcess bare) {
        this.settings = settings;
        this.service = service;
        this.rest = rest;
        this.bare = bare;
    }

    static List<Row> rows(BenchSettings settings) throws Exception {
        String table = "bench-" + UUID.randomUUID();
        String endpoint = LocalInfrastructureProcess.shared().dynamoDb();
        try (BacklogTopic topic = new BacklogTopic();
                MeasuredService service =
                        MeasuredService.startOnTable(table, topic, settings, ReadKind.settings())) {
            var _ = new BacklogFeeder(topic, service).measure(ReadKind.events().toList());
            try (LoadProcess rest = LoadProcess.start(RestReads.class, service.uri("/"));
                    LoadProcess bare = LoadProcess.start(BareClientReads.class, endpoint, table)) {
                return new ReadsBenchmark(settings, service, rest, bare).rows();
            }
        }
    }

    private List<Row> rows() throws Exception {
        warmUp();
        List<Row> rows = new ArrayList<>();
        for (ReadKind reads : ReadKind.values()) {
            rows.addAll(rows(reads).rows());
        }
        return rows;
    }

    private ReadsRows rows(ReadKind reads) throws Exception {
        ReadLoad busyLoad = new ReadLoad(reads, ROUND, 0);
        Comparison.warmUp(() -> true, serviceSide(busyLoad), clientSide(busyLoad));
        Comparison<Timing> busy =
                Comparison.measure(settings.rounds(), serviceSide(busyLoad), clientSide(busyLoad));
        double rate = CALM_RATE * Rounds.of(busy.bare(), Timing::perSecond).median();
        ReadLoad calmLoad = new ReadLoad(reads, ROUND, rate);
        Comparison<Timing> calm =
                Comparison.measure(settings.rounds(), serviceSide(calmLoad), clientSide(calmLoad));
        return new ReadsRows(reads, busy, calm, rate);
    }

    /**
     * Warms up both sides, each for the same CPU time. Publishing the events has warmed up only the
     * writes.
     */
    private void warmUp() throws Exception {
        Duration serviceWarm = service.cpu().plus(settings.warmUp());
        Duration bareWarm = bare.cpu().plus(settings.warmUp());
        // A sender that waits until a request is due runs other code, which must be warm as well.
        ReadLoad slowLoad = new ReadLoad(ReadKind.SESSION, ROUND, 500);
        Comparison.warmUp(() -> true, serviceSide(slowLoad), clientSide(slowLoad));
        ReadLoad busyLoad = new ReadLoad(ReadKind.SESSION, ROUND, 0);
        Comparison.warmUp(
                () ->
                        service.cpu().compareTo(serviceWarm) >= 0
                                && bare.cpu().compareTo(bareWarm) >= 0,
                serviceSide(busyLoad),
                clientSide(busyLoad));
    }

    private Side<Timing> serviceSide(ReadLoad load) {
        return name -> {
            Duration before = service.cpu();
            Timing sent = rest.measure(load.line());
            Timing served = sent.withCpu(service.cpu().minus(before));
            Progress.print(
                    "%s %s: %s; CPU per read: service %.0f µs, client %.0f µs",
                    load.reads(), name, served, served.cpuMicros(), sent.cpuMicros());
            return served;
        };
    }

    private Side<Timing> clientSide(ReadLoad load) {
        return name -> {
            Timing sent = bare.measure(load.line());
            Progress.print(
                    "%s %s: %s; CPU per read: %.0f µs", load.reads(), name, sent, sent.cpuMicros());
            return sent;
        };
    }
}
