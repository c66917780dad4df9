package dev.parley.bench;

import dev.parley.bench.Comparison.Side;
import dev.parley.local.LocalInfrastructureProcess;
import java.time.Duration;
import java.util.List;
import java.util.UUID;

/**
 * What a read over REST takes beside the GetItem that it is made of. The service and the bare
 * client take turns at reading the same sessions; the service has nothing else to do meanwhile.
 */
final class ReadsBenchmark {

    private static final int READS = 12_000;
    private static final int IN_FLIGHT = 16;

    /**
     * Of what the bare client reaches. Where all is busy, latencies are queues; this is below that,
     * on both sides.
     */
    private static final double CALM = 0.5;

    private static final int CALM_SECONDS = 5;

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
                        MeasuredService.startOnTable(
                                table, topic, settings, SessionsToRead.settings())) {
            var _ = new Feed(topic, service).rate(SessionsToRead.events().toList());
            try (LoadProcess rest =
                            LoadProcess.start(RestReads.class, service.uri("/"), IN_FLIGHT);
                    LoadProcess bare =
                            LoadProcess.start(BareReads.class, endpoint, table, IN_FLIGHT)) {
                return new ReadsBenchmark(settings, service, rest, bare).rows();
            }
        }
    }

    private List<Row> rows() throws Exception {
        warmUp();
        Comparison<Timing> busy =
                Comparison.of(settings.rounds(), byService(READS, 0), byClient(READS, 0));
        double rate = CALM * Rounds.of(busy.bare(), Timing::perSecond).median();
        int reads = (int) (rate * CALM_SECONDS);
        // Waiting for the time to send is another path through the senders.
        Comparison.warmUp(() -> true, byService(reads, rate), byClient(reads, rate));
        Comparison<Timing> calm =
                Comparison.of(settings.rounds(), byService(reads, rate), byClient(reads, rate));
        return ReadsRows.of(busy, calm, rate, IN_FLIGHT);
    }

    /** Each side for as long, in its own CPU time: seeding has warmed up only the writes. */
    private void warmUp() throws Exception {
        Duration serviceWarm = service.cpu().plus(settings.warmUp());
        Duration bareWarm = bare.cpu().plus(settings.warmUp());
        Comparison.warmUp(
                () ->
                        service.cpu().compareTo(serviceWarm) >= 0
                                && bare.cpu().compareTo(bareWarm) >= 0,
                byService(READS, 0),
                byClient(READS, 0));
    }

    private Side<Timing> byService(int reads, double perSecond) {
        return name -> {
            Duration before = service.cpu();
            Timing sent = rest.measure(reads + " " + perSecond);
            Timing served = sent.byCpuOf(reads, service.cpu().minus(before));
            Progress.say(
                    "%s: %s; CPU for one: service %.0f µs, client %.0f µs",
                    name, served, served.cpuMicros(), sent.cpuMicros());
            return served;
        };
    }

    private Side<Timing> byClient(int reads, double perSecond) {
        return name -> {
            Timing sent = bare.measure(reads + " " + perSecond);
            Progress.say("%s: %s; CPU for one: %.0f µs", name, sent, sent.cpuMicros());
            return sent;
        };
    }
}
