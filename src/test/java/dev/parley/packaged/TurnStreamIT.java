package dev.parley.packaged;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import dev.parley.local.Fault;
import dev.parley.local.FaultyDynamoDb;
import dev.parley.local.JarOnly;
import dev.parley.local.LocalInfrastructureProcess;
import dev.parley.local.LocalInfrastructureProcess.Addresses;
import dev.parley.local.LocalTopics;
import dev.parley.local.ServiceProcess;
import dev.parley.support.EventsClient;
import dev.parley.support.LongSession;
import dev.parley.support.RawResponse;
import dev.parley.support.ResourceUsage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.zip.GZIPInputStream;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Tests that the packaged service streams a long session in one response in a small heap. {@code
 * -Dparley.stream.turns=20000} makes the session longer, and {@code -Dparley.stream.stall=30} (in
 * seconds) the pause of a client that stops reading.
 */
@Tag("packaged")
@Tag("slow")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TurnStreamIT {

    /** In MB: how much the live heap may differ because of pools and caches. */
    private static final double HEAP_NOISE = 16;

    private static final int TURNS = Integer.getInteger("parley.stream.turns", 2_400);
    private static final Duration STALL =
            Duration.ofSeconds(Integer.getInteger("parley.stream.stall", 5));

    private static final int MAX_STREAMS = 5;
    private static final Map<String, String> LINES = Map.of("Accept", "application/x-ndjson");

    private final String name = "streams-" + UUID.randomUUID();
    private final LongSession session = LongSession.of(name, TURNS);
    private final HttpClient http = HttpClient.newHttpClient();
    private final Map<String, String> settings =
            Map.of(
                    "parley.table.name", name,
                    "parley.table.mode", "create",
                    "parley.api.max-turn-streams", "" + MAX_STREAMS,
                    "mp.messaging.incoming.turns.topic", name,
                    "mp.messaging.incoming.turns.group.id", name);

    @SuppressWarnings("NullAway.Init")
    private FaultyDynamoDb dynamoDb;

    @SuppressWarnings("NullAway.Init")
    private ServiceProcess service;

    @SuppressWarnings("NullAway.Init")
    private ResourceUsage usage;

    @BeforeAll
    void start() {
        Addresses shared = LocalInfrastructureProcess.shared();
        dynamoDb = new FaultyDynamoDb(shared.dynamoDb());
        try (LocalTopics topics = LocalTopics.withTopic(name)) {
            Addresses addresses = new Addresses(dynamoDb.endpoint(), shared.kafka());
            service = ServiceProcess.start(addresses, settings, List.of("-Xmx128m"));
            usage = new ResourceUsage(service);
            session.publish(topics);
        }
        String allTurns = "\"turnCount\":" + TURNS + ",";
        awaiting(Duration.ofMinutes(5))
                .until(
                        () ->
                                service.get("/sessions/" + name + "?turns=none")
                                        .body()
                                        .contains(allTurns));
    }

    @AfterEach
    void heal() {
        dynamoDb.stopFaults();
    }

    @AfterAll
    void close() {
        service.close();
        dynamoDb.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"asc", "desc"})
    void stream_inEitherOrder_containsEveryTurnOnceAndUnchanged(String order) throws Exception {
        try (RawResponse answer = RawResponse.get(turns("?order=" + order), LINES)) {
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.header("content-type")).startsWith("application/x-ndjson");

            assertThat(lines(answer.rest())).isEqualTo(session.lines(order));
            assertThat(answer.trailers()).containsEntry("parley-turns", "" + TURNS);
        }
    }

    @Test
    @JarOnly
    void streams_readConcurrently_fitInASmallHeap() throws Exception {
        read(); // fills the caches and pools before the measurement
        double before = usage.liveHeap();
        try (ExecutorService clients = Executors.newFixedThreadPool(MAX_STREAMS - 1)) {
            Callable<Integer> client = () -> read().size();

            List<Future<Integer>> read = clients.invokeAll(List.of(client, client, client, client));

            for (Future<Integer> each : read) {
                assertThat(each.get()).isEqualTo(TURNS);
            }
        }
        assertThat(usage.liveHeap()).isCloseTo(before, within(HEAP_NOISE));
    }

    @Test
    void firstLine_ofALongSession_arrivesAlmostAsSoonAsAResultPage() throws Exception {
        List<Long> first = new ArrayList<>();
        List<Long> fifty = new ArrayList<>();
        List<Long> stream = new ArrayList<>();
        for (int round = 0; round < 11; round++) {
            first.add(millisToResponse("?limit=1", Map.of()));
            fifty.add(millisToResponse("?limit=50", Map.of()));
            stream.add(millisToResponse("", LINES));
        }

        System.out.printf(
                "ms to the response: limit=1 %d, limit=50 %d, stream %d%n",
                median(first), median(fifty), median(stream));
        assertThat(median(stream)).isLessThan(median(fifty) + 100);
    }

    /** The connection buffers little. The rest is not read before the client continues. */
    @JarOnly
    @ParameterizedTest
    @ValueSource(strings = {"identity", "gzip"})
    void client_thatStopsReading_costsNothingAndDelaysNoOther(String encoding) throws Exception {
        double units = usage.readUnits();
        long start = System.nanoTime();
        read();
        double alone = seconds(start);
        double unitsOfOne = usage.readUnits() - units;
        Map<String, String> headers = new HashMap<>(LINES);
        headers.put("Accept-Encoding", encoding);
        try (RawResponse stopped = RawResponse.get(turns(""), headers)) {
            ByteArrayOutputStream body = new ByteArrayOutputStream();
            body.writeBytes(stopped.chunk());
            double unitsBefore = usage.awaitNoReads();
            assertThat(unitsBefore - units).isLessThan(1.95 * unitsOfOne);
            double heap = usage.liveHeap();

            List<Double> others = new ArrayList<>();
            for (long stall = System.nanoTime(); seconds(stall) < STALL.toSeconds(); ) {
                long other = System.nanoTime();
                read();
                others.add(seconds(other));
            }

            double slowest = others.stream().max(Double::compare).orElseThrow();
            System.out.printf(
                    "alone %.2f s, %d streams beside a stopped %s client: %.2f s at most%n",
                    alone, others.size(), encoding, slowest);
            assertThat(usage.readUnits() - unitsBefore)
                    .isCloseTo(others.size() * unitsOfOne, within(1.0));
            assertThat(usage.liveHeap()).isCloseTo(heap, within(HEAP_NOISE));
            assertThat(slowest).isLessThan(3 * alone + 1);
            body.writeBytes(stopped.rest());
            assertThat(lines(decoded(body.toByteArray(), encoding))).isEqualTo(session.turns());
            assertThat(stopped.header("content-encoding").equals("gzip"))
                    .isEqualTo(encoding.equals("gzip"));
            assertThat(stopped.trailers()).containsEntry("parley-turns", "" + TURNS);
        }
    }

    @Test
    void store_failingMidway_abortsTheStream() throws Exception {
        HttpResponse<InputStream> response = http.send(request(), BodyHandlers.ofInputStream());
        try (RawResponse answer = RawResponse.get(turns(""), LINES);
                InputStream body = response.body()) {
            assertThat(answer.chunk()).isNotEmpty();
            assertThat(body.read()).isEqualTo('{');

            dynamoDb.inject(Fault.ERROR, FaultyDynamoDb.isOperation("BatchGetItem"));

            assertThatThrownBy(answer::rest).isInstanceOf(IOException.class);
            assertThat(answer.trailers()).isEmpty();
            assertThatThrownBy(body::readAllBytes).isInstanceOf(IOException.class);
        }
        assertThat(service.output())
                .contains("A stream broke off")
                .containsPattern("brokeOff\\W+service\\W+items\\W+\\d")
                .doesNotContain(LongSession.MARKER);
    }

    @Test
    void store_failingBeforeTheFirstTurn_causesAProblem() throws Exception {
        dynamoDb.inject(Fault.ERROR, FaultyDynamoDb.isOperation("BatchGetItem"));

        try (RawResponse answer = RawResponse.get(turns(""), LINES)) {
            assertUnavailable(answer);
        }
    }

    @Test
    void stream_beyondTheLimit_isRefusedUntilOneEnds() throws Exception {
        List<RawResponse> open = new ArrayList<>();
        try {
            for (int i = 0; i < MAX_STREAMS; i++) {
                open.add(RawResponse.get(turns(""), LINES));
            }
            try (RawResponse refused = RawResponse.get(turns(""), LINES)) {
                assertUnavailable(refused);
            }

            open.removeFirst().close();

            awaiting(Duration.ofMinutes(3)).until(() -> read().size() == TURNS);
        } finally {
            for (RawResponse each : open) {
                each.close();
            }
        }
    }

    @Test
    void headRequest_forAStream_doesNotCountAsAStream() throws Exception {
        HttpRequest head = HttpRequest.newBuilder(request(), (name, value) -> true).HEAD().build();
        for (int i = 0; i < 2 * MAX_STREAMS; i++) {
            assertThat(http.send(head, BodyHandlers.ofString()).statusCode()).isEqualTo(200);
        }

        assertThat(read()).hasSize(TURNS);
    }

    @Test
    void service_whenTerminated_doesNotWaitForStreams() throws Exception {
        try (ServiceProcess terminated = ServiceProcess.start(settings)) {
            awaiting(Duration.ofMinutes(3))
                    .until(() -> terminated.get("/q/health/ready").statusCode() == 200);
            URI path = terminated.uri("/sessions/" + name);
            try (EventsClient events = EventsClient.connect(URI.create(path + "/events"), "");
                    RawResponse turns = RawResponse.get(URI.create(path + "/turns"), LINES)) {
                events.awaitEvent(event -> event.name().equals("session"));
                long start = System.nanoTime();

                terminated.terminate();

                assertThat(terminated.awaitExit(Duration.ofMinutes(3))).isEqualTo(143);
                System.out.printf(
                        "The service ended %.1f s after its termination, with open streams%n",
                        seconds(start));
                assertThat(events.end()).isDone();
                assertThatThrownBy(turns::rest).isInstanceOf(IOException.class);
            }
        }
    }

    private static void assertUnavailable(RawResponse answer) {
        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.header("content-type")).startsWith("application/problem+json");
        assertThat(answer.header("retry-after")).isNotEmpty();
    }

    private long millisToResponse(String query, Map<String, String> headers) throws IOException {
        long start = System.nanoTime();
        try (RawResponse answer = RawResponse.get(turns(query), headers)) {
            assertThat(answer.status()).isEqualTo(200);
        }
        return Duration.ofNanos(System.nanoTime() - start).toMillis();
    }

    private static long median(List<Long> values) {
        return values.stream().sorted().toList().get(values.size() / 2);
    }

    private List<String> read() throws IOException, InterruptedException {
        return http.send(request(), BodyHandlers.ofLines()).body().toList();
    }

    private HttpRequest request() {
        return HttpRequest.newBuilder(turns("")).header("Accept", "application/x-ndjson").build();
    }

    private URI turns(String query) {
        return service.uri("/sessions/" + name + "/turns" + query);
    }

    private static List<String> lines(byte[] body) {
        return new String(body, UTF_8).lines().toList();
    }

    private static byte[] decoded(byte[] body, String encoding) throws IOException {
        return encoding.equals("gzip")
                ? new GZIPInputStream(new ByteArrayInputStream(body)).readAllBytes()
                : body;
    }

    private static double seconds(long since) {
        return (System.nanoTime() - since) / 1e9;
    }

    private static ConditionFactory awaiting(Duration timeout) {
        return await().atMost(timeout).pollInterval(Duration.ofMillis(200)).ignoreExceptions();
    }
}
