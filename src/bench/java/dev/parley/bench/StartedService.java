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
 * What a start of the service cost, and what a steady load costs it from then on.
 *
 * @param ready seconds from the start of the process until readiness is up
 * @param started seconds that it tells itself, from the start of its code
 * @param atRest MB resident five seconds later
 * @param underLoad MB resident at the end of the load
 * @param cpu of one core, under load
 */
record StartedService(double ready, double started, int atRest, int underLoad, double cpu) {

    private static final Pattern STARTED = Pattern.compile("started in ([0-9.]+)s");
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final Duration REST = Duration.ofSeconds(5);
    private static final Duration LOAD = Duration.ofSeconds(15);
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(5);
    private static final Duration BETWEEN_PARTS = Duration.ofMillis(100);

    /** Of what is published between two looks at the clock: a thousand a second. */
    private static final int PART = 100;

    /** Starts it, lets it rest, and publishes to it. */
    static StartedService measure(Supplier<MeasuredService> start, BacklogTopic topic)
            throws IOException, InterruptedException {
        long before = System.nanoTime();
        try (MeasuredService service = start.get()) {
            awaitReady(service);
            double ready = (System.nanoTime() - before) / 1e9;
            Thread.sleep(REST);
            int atRest = ProcessMemory.of(service.pid()).resident();
            Duration cpu = service.allCpu();
            int published = publish(topic);
            Duration used = service.allCpu().minus(cpu);
            int underLoad = ProcessMemory.of(service.pid()).resident();
            service.awaitSettled(published, PATIENCE);
            return new StartedService(
                    ready,
                    started(service.output()),
                    atRest,
                    underLoad,
                    (double) used.toNanos() / LOAD.toNanos());
        }
    }

    private static void awaitReady(MeasuredService service) throws InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(service.uri("/q/health/ready")).build();
        long end = System.nanoTime() + PATIENCE.toNanos();
        try (HttpClient client = HttpClient.newHttpClient()) {
            while (!isReady(client, request)) {
                if (System.nanoTime() > end) {
                    throw new IllegalStateException("never ready:\n" + service.output());
                }
                LockSupport.parkNanos(BETWEEN_LOOKS.toNanos());
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
            throw new IllegalStateException("it doesn't say that it started:\n" + output);
        }
        return Double.parseDouble(line.group(1));
    }

    /** Turns of 420 characters, ten of a session, at an even rate. */
    private static int publish(BacklogTopic topic) throws InterruptedException {
        int parts = (int) (LOAD.toMillis() / BETWEEN_PARTS.toMillis());
        int sessions = parts * PART / 10;
        List<Event> events =
                Event.conversations("start-", sessions, 0, 10, PART, Event.ordinary(7)).toList();
        long start = System.nanoTime();
        for (int part = 0; part < parts; part++) {
            long due = start + part * BETWEEN_PARTS.toNanos();
            Thread.sleep(Duration.ofNanos(Math.max(0, due - System.nanoTime())));
            topic.publish(events.subList(part * PART, (part + 1) * PART).stream());
        }
        Thread.sleep(Duration.ofNanos(Math.max(0, start + LOAD.toNanos() - System.nanoTime())));
        return events.size();
    }
}
