package dev.parley.bench;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The figures of one start of the service, and of a steady load after it.
 *
 * @param ready seconds from the start of the process until readiness is up
 * @param started seconds from the start of its code, as the service logs them
 * @param atRest resident memory in MB, five seconds later
 * @param underLoad resident memory in MB at the end of the load
 * @param cpu the number of busy cores under load
 */
record StartFigures(double ready, double started, int atRest, int underLoad, double cpu) {

    private static final Pattern STARTED = Pattern.compile("started in ([0-9.]+)s");
    private static final Duration TIMEOUT = Duration.ofMinutes(1);
    private static final Duration REST_TIME = Duration.ofSeconds(5);
    private static final Duration LOAD_TIME = Duration.ofSeconds(15);
    private static final Duration BETWEEN_CHECKS = Duration.ofMillis(5);
    private static final Duration BETWEEN_PARTS = Duration.ofMillis(100);

    /** The number of turns that are published every 100 ms, which is a thousand a second. */
    private static final int PART = 100;

    /** Starts the service, measures it at rest, and then publishes turns to it. */
    static StartFigures measure(Supplier<MeasuredService> start, BacklogTopic topic)
            throws IOException, InterruptedException {
        long before = System.nanoTime();
        try (MeasuredService service = start.get()) {
            awaitReady(service);
            double ready = (System.nanoTime() - before) / 1e9;
            Thread.sleep(REST_TIME);
            int atRest = ProcessMemory.of(service.pid()).resident();
            Duration cpu = service.allCpu();
            int published = publish(topic);
            Duration used = service.allCpu().minus(cpu);
            int underLoad = ProcessMemory.of(service.pid()).resident();
            service.awaitSettled(published, TIMEOUT);
            return new StartFigures(
                    ready,
                    started(service.output()),
                    atRest,
                    underLoad,
                    (double) used.toNanos() / LOAD_TIME.toNanos());
        }
    }

    private static void awaitReady(MeasuredService service) throws InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(service.uri("/q/health/ready")).build();
        long end = System.nanoTime() + TIMEOUT.toNanos();
        try (HttpClient client = HttpClient.newHttpClient()) {
            while (!isReady(client, request)) {
                if (System.nanoTime() > end) {
                    throw new IllegalStateException(
                            "the service did not become ready:\n" + service.output());
                }
                LockSupport.parkNanos(BETWEEN_CHECKS.toNanos());
            }
        }
    }

    private static boolean isReady(HttpClient client, HttpRequest request)
            throws InterruptedException {
        try {
            return client.send(request, BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException e) {
            return false;
        }
    }

    private static double started(String output) {
        Matcher line = STARTED.matcher(output);
        if (!line.find()) {
            throw new IllegalStateException("the service has logged no start time:\n" + output);
        }
        return Double.parseDouble(line.group(1));
    }

    /** Publishes turns of 420 characters at an even rate, ten for each session. */
    private static int publish(BacklogTopic topic) throws InterruptedException {
        int parts = (int) (LOAD_TIME.toMillis() / BETWEEN_PARTS.toMillis());
        int sessions = parts * PART / 10;
        List<Event> events =
                Event.conversations("start-", sessions, 0, 10, PART, Event.ordinary(7)).toList();
        long start = System.nanoTime();
        for (int part = 0; part < parts; part++) {
            long due = start + part * BETWEEN_PARTS.toNanos();
            Thread.sleep(Duration.ofNanos(Math.max(0, due - System.nanoTime())));
            topic.publish(events.subList(part * PART, (part + 1) * PART).stream());
        }
        Thread.sleep(
                Duration.ofNanos(Math.max(0, start + LOAD_TIME.toNanos() - System.nanoTime())));
        return events.size();
    }
}
