package dev.parley.bench;

import dev.parley.bench.Comparison.Side;
import dev.parley.local.LocalInfrastructureProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * What reads over REST take beside the requests to DynamoDB that they are made of. The service and
 * the bare client take turns at reading the same sessions; the service has nothing else to do
 * meanwhile.
 */
final class ReadsBenchmark {

    private static final Duration ROUND = Duration.ofSeconds(2);

    /**
     * Of what the bare client reaches. Where all is busy, latencies are queues; this is below that,
     * on both sides.
     */
    private static final double CALM_PART = 0.5;

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
                        MeasuredService.startOnTable(table, topic, settings, Reads.settings())) {
            var _ = new Feed(topic, service).rate(Reads.events().toList());
            try (LoadProcess rest = LoadProcess.start(RestReads.class, service.uri("/"));
                    LoadProcess bare = LoadProcess.start(BareReads.class, endpoint, table)) {
                return new ReadsBenchmark(settings, service, rest, bare).rows();
            }
        }
    }

    private List<Row> rows() throws Exception {
        warmUp();
        List<Row> rows = new ArrayList<>();
        for (Reads reads : Reads.values()) {
            rows.addAll(rows(reads).rows());
        }
        return rows;
    }

    private ReadsRows rows(Reads reads) throws Exception {
        ReadLoad all = new ReadLoad(reads, ROUND, 0);
        Comparison.warmUp(() -> true, byService(all), byClient(all));
        Comparison<Timing> busy = Comparison.of(settings.rounds(), byService(all), byClient(all));
        double rate = CALM_PART * Rounds.of(busy.bare(), Timing::perSecond).median();
        ReadLoad some = new ReadLoad(reads, ROUND, rate);
        Comparison<Timing> calm = Comparison.of(settings.rounds(), byService(some), byClient(some));
        return new ReadsRows(reads, busy, calm, rate);
    }

    /** Each side for as long, in its own CPU time: seeding has warmed up only the writes. */
    private void warmUp() throws Exception {
        Duration serviceWarm = service.cpu().plus(settings.warmUp());
        Duration bareWarm = bare.cpu().plus(settings.warmUp());
        // Waiting for the time to send is another path through the senders.
        ReadLoad slowly = new ReadLoad(Reads.SESSION, ROUND, 500);
        Comparison.warmUp(() -> true, byService(slowly), byClient(slowly));
        ReadLoad all = new ReadLoad(Reads.SESSION, ROUND, 0);
        Comparison.warmUp(
                () ->
                        service.cpu().compareTo(serviceWarm) >= 0
                                && bare.cpu().compareTo(bareWarm) >= 0,
                byService(all),
                byClient(all));
    }

    private Side<Timing> byService(ReadLoad load) {
        return name -> {
            Duration before = service.cpu();
            Timing sent = rest.measure(load.line());
            Timing served = sent.byCpu(service.cpu().minus(before));
            Progress.say(
                    "%s %s: %s; CPU for one: service %.0f µs, client %.0f µs",
                    load.reads(), name, served, served.cpuMicros(), sent.cpuMicros());
            return served;
        };
    }

    private Side<Timing> byClient(ReadLoad load) {
        return name -> {
            Timing sent = bare.measure(load.line());
            Progress.say(
                    "%s %s: %s; CPU for one: %.0f µs", load.reads(), name, sent, sent.cpuMicros());
            return sent;
        };
    }
}
