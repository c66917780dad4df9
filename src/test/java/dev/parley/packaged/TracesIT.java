package dev.parley.packaged;

import static dev.parley.support.Timeouts.TIMEOUT;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import dev.parley.local.LocalTopics;
import dev.parley.local.LogLines;
import dev.parley.local.ServiceProcess;
import dev.parley.local.TraceReceiver;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Tests that the packaged service adds spans to the traces of its callers and of its publishers.
 */
@Tag("packaged")
@Tag("slow")
class TracesIT {

    private static final String CONTENT = "MARKofthecontent";

    /** Each read uses a new connection, and so another event loop than the previous read. */
    private static final int READS = 8;

    private static final String PARENT_SPAN = "00f067aa0ba902b7";

    private final String name = "traced-" + UUID.randomUUID();
    private final String session = name + "-s";

    @Test
    void writeAndReads_withATraceparent_belongToThatTrace() throws Exception {
        String published = trace(1);
        String requested = trace(2);
        try (TraceReceiver receiver = new TraceReceiver();
                LocalTopics topics = LocalTopics.withTopic(name);
                ServiceProcess service = ServiceProcess.start(settings(receiver, "false"))) {
            topics.publishRaw(List.of(record("t-1", published)));
            await().atMost(TIMEOUT)
                    .ignoreExceptions()
                    .until(
                            () ->
                                    read(service, "/sessions/" + session, trace(99)).statusCode()
                                            == 200);
            read(service, "/sessions/" + session + "/turns?from=yesterday", requested);
            for (int i = 0; i < READS; i++) {
                read(service, "/sessions/" + session, trace(2 + i));
            }

            Span process = awaitSpan(receiver, published, "process " + name);
            assertThat(hex(process.getParentSpanId())).isEqualTo(PARENT_SPAN);
            Span update = awaitSpan(receiver, published, "UpdateItem " + name);
            assertThat(update.getParentSpanId()).isEqualTo(process.getSpanId());
            for (int i = 0; i < READS; i++) {
                Span get = awaitSpan(receiver, trace(2 + i), "GetItem " + name);
                Span request = awaitSpan(receiver, trace(2 + i), "GET /sessions/{sessionId}");
                assertThat(hex(request.getParentSpanId())).isEqualTo(PARENT_SPAN);
                assertThat(get.getParentSpanId()).isEqualTo(request.getSpanId());
            }
            assertThat(LogLines.of(service))
                    .anySatisfy(
                            line -> {
                                assertThat(line.path("logger").asText())
                                        .isEqualTo("dev.parley.audit");
                                assertThat(line.at("/mdc/traceId").asText()).isEqualTo(requested);
                            });
            assertThat(receiver.spans())
                    .allSatisfy(span -> assertThat(span.toString()).doesNotContain(CONTENT));
        }
    }

    @Test
    void write_ofRecordsOfSeveralTraces_isLinkedToEach() throws Exception {
        try (TraceReceiver receiver = new TraceReceiver();
                LocalTopics topics = LocalTopics.withTopic(name)) {
            topics.publishRaw(List.of(record("t-1", trace(1)), record("t-2", trace(2))));
            try (ServiceProcess _ = ServiceProcess.start(settings(receiver, "false"))) {
                await().atMost(TIMEOUT).until(() -> !processed(receiver).isEmpty());

                Span process = processed(receiver).getFirst();
                assertThat(process.getParentSpanId()).isEqualTo(ByteString.EMPTY);
                assertThat(process.getLinksList())
                        .extracting(link -> hex(link.getTraceId()))
                        .containsExactly(trace(1), trace(2));
            }
        }
    }

    @Test
    void service_withDefaultSettings_exportsNoSpans() throws Exception {
        Map<String, String> settings;
        try (TraceReceiver receiver = new TraceReceiver();
                LocalTopics topics = LocalTopics.withTopic(name)) {
            settings = settings(receiver, "");
            settings.remove("quarkus.otel.sdk.disabled");
            try (ServiceProcess service = ServiceProcess.start(settings)) {
                topics.publishRaw(List.of(record("t-1", trace(1))));
                await().atMost(TIMEOUT)
                        .ignoreExceptions()
                        .until(
                                () ->
                                        read(service, "/sessions/" + session, trace(2)).statusCode()
                                                == 200);
                service.terminate();
                service.awaitExit(TIMEOUT);

                assertThat(receiver.spans()).isEmpty();
                assertThat(service.output()).doesNotContain("traceId");
            }
        }
    }

    private List<Span> processed(TraceReceiver receiver) {
        return receiver.spans().stream()
                .filter(span -> span.getName().equals("process " + name))
                .toList();
    }

    private static Span awaitSpan(TraceReceiver receiver, String trace, String name) {
        String expected = trace + " " + name;
        await().atMost(TIMEOUT)
                .untilAsserted(
                        () ->
                                assertThat(receiver.spans())
                                        .extracting(TracesIT::described)
                                        .contains(expected));
        return receiver.spans().stream()
                .filter(span -> described(span).equals(expected))
                .findFirst()
                .orElseThrow();
    }

    private static String described(Span span) {
        return hex(span.getTraceId()) + " " + span.getName();
    }

    private ProducerRecord<byte[], byte[]> record(String turn, String trace) {
        ProducerRecord<byte[], byte[]> record =
                new ProducerRecord<>(
                        name,
                        session.getBytes(UTF_8),
                        "{\"role\":\"user\",\"turnId\":\"%s\",\"content\":\"%s\"}"
                                .formatted(turn, CONTENT)
                                .getBytes(UTF_8));
        record.headers().add("traceparent", traceparent(trace).getBytes(UTF_8));
        return record;
    }

    private static HttpResponse<String> read(ServiceProcess service, String path, String trace)
            throws IOException, InterruptedException {
        try (HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            return client.send(
                    HttpRequest.newBuilder(service.uri(path))
                            .header("traceparent", traceparent(trace))
                            .build(),
                    BodyHandlers.ofString());
        }
    }

    private static String trace(int number) {
        return "4bf92f3577b34da6a3ce929d0e0e47%02d".formatted(number);
    }

    private static String traceparent(String trace) {
        return "00-" + trace + "-" + PARENT_SPAN + "-01";
    }

    private static String hex(ByteString id) {
        return HexFormat.of().formatHex(id.toByteArray());
    }

    private Map<String, String> settings(TraceReceiver receiver, String disabled) {
        Map<String, String> settings = new HashMap<>(receiver.settings());
        settings.put("quarkus.otel.sdk.disabled", disabled);
        settings.put("parley.table.name", name);
        settings.put("parley.table.mode", "create");
        settings.put("mp.messaging.incoming.turns.topic", name);
        settings.put("mp.messaging.incoming.turns.group.id", name);
        return settings;
    }
}
