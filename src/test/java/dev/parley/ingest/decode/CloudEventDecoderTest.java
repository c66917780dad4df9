package dev.parley.ingest.decode;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.session.Json;
import dev.parley.session.SessionEvent;
import dev.parley.session.SessionEvent.SessionEnded;
import dev.parley.session.SessionEvent.TurnRecorded;
import dev.parley.session.Turn;
import io.cloudevents.CloudEvent;
import io.cloudevents.core.builder.CloudEventBuilder;
import io.cloudevents.jackson.JsonFormat;
import io.cloudevents.kafka.KafkaMessageFactory;
import java.net.URI;
import java.time.Instant;
import java.time.OffsetDateTime;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests how CloudEvents that the official SDK writes are decoded, in both modes. */
class CloudEventDecoderTest {

    private static final Instant TIME = Instant.parse("2026-11-22T11:00:00.120Z");
    private static final String DATA =
            """
            {"role":"user","content":"¿Puedo cambiar la dirección?","userId":"u-12","channel":"whatsapp","score":1.10}
            """;

    private final EventDecoders decoders = AllDecoders.inOrder();

    @Test
    void turn_inBothModes_isDecodedEqually() {
        CloudEvent event =
                event("com.example.chat.turn").withData(json(), DATA.getBytes(UTF_8)).build();

        SessionEvent binary = decode(binary(event));
        SessionEvent structured = decode(structured(event));

        assertThat(structured).isEqualTo(binary);
        assertThat(binary.sessionId()).isEqualTo("s-77");
        Turn turn = ((TurnRecorded) binary).turn();
        assertThat(turn.id()).isEqualTo("/platforms/helpdesk e-1001");
        assertThat(turn.occurredAt()).isEqualTo(TIME);
        assertThat(turn.content().text()).isEqualTo("\"¿Puedo cambiar la dirección?\"");
        assertThat(turn.userId()).isEqualTo("u-12");
        assertThat(turn.metadata()).isEqualTo(new Json("{\"score\":1.10}"));
    }

    @Test
    void turnWithItsOwnIdAndTime_keepsThem() {
        byte[] data =
                """
                {"turnId":"t-3","revision":1,"occurredAt":"2026-11-22T10:00:00Z","role":"user","content":"hi"}
                """
                        .getBytes(UTF_8);

        SessionEvent decoded = decode(binary(event("turn").withData(json(), data).build()));

        Turn turn = ((TurnRecorded) decoded).turn();
        assertThat(turn.id()).isEqualTo("t-3");
        assertThat(turn.occurredAt()).isEqualTo(Instant.parse("2026-11-22T10:00:00Z"));
    }

    @Test
    void sessionEndWithoutValue_isNotATombstone() {
        CloudEvent event = event("com.example.chat.session.ended").build();

        assertThat(binary(event).value()).isNull();
        assertThat(decode(binary(event))).isInstanceOf(SessionEnded.class);
        assertThat(decode(structured(event))).isEqualTo(decode(binary(event)));
    }

    @Test
    void eventWithoutSubject_getsItsSessionFromTheKey() {
        CloudEvent event =
                event("turn").withSubject(null).withData(json(), DATA.getBytes(UTF_8)).build();

        assertThat(decode(binary(event)).sessionId()).isEqualTo("key");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            {"id":"1","source":"/s","type":"turn","subject":"s"}                                                     | the CloudEvent has no specversion
            {"specversion":"0.3","id":"1","source":"/s","type":"turn","subject":"s"}                                 | the CloudEvent's specversion must be 1.0
            {"specversion":"1.0","source":"/s","type":"turn","subject":"s","data":{"role":"user","content":"hi"}}    | the CloudEvent has no id
            {"specversion":"1.0","id":"1","source":"/s","type":"order.made","subject":"s"}                           | the CloudEvent's type must end in turn, session.updated, session.ended or session.deleted
            {"specversion":"1.0","id":"1","source":"/s","type":"a.turn","subject":"s"}                               | a turn needs role
            {"specversion":"1.0","id":"1","source":"/s","type":"a.turn","subject":"s","data":"hi"}                   | data must be an object
            {"specversion":"1.0","id":"1","source":"/s","type":"a.turn","subject":"s","data_base64":"e30="}          | a turn needs role
            {"specversion":"1.0","id":"1","source":"/s","type":"a.turn","subject":"s","time":"yesterday"}            | time must be an ISO 8601 time, or seconds, milliseconds or microseconds since 1970, from the year 1970 to 9999
            broken                                                                                                   | not valid JSON at byte 0
            """)
    void invalidStructuredEvent_isRefusedWithTheReason(String value, String reason) {
        ConsumerRecord<byte[], byte[]> received =
                ParleyEventDecoderTest.received("key", value, TIME);
        received.headers()
                .add("content-type", "application/cloudevents+json; charset=utf-8".getBytes(UTF_8));

        assertThatThrownBy(() -> decode(received))
                .isInstanceOf(UndecodableException.class)
                .hasMessage(reason);
    }

    @Test
    void batchOfCloudEvents_isRefused() {
        ConsumerRecord<byte[], byte[]> received = ParleyEventDecoderTest.received("k", "[]", TIME);
        received.headers()
                .add("content-type", "application/cloudevents-batch+json".getBytes(UTF_8));

        assertThatThrownBy(() -> decode(received))
                .hasMessage("a record must contain one CloudEvent, not a batch");
    }

    private SessionEvent decode(ConsumerRecord<byte[], byte[]> received) {
        return decoders.decode(new EventRecord(received)).orElseThrow();
    }

    private static CloudEventBuilder event(String type) {
        return CloudEventBuilder.v1()
                .withId("e-1001")
                .withSource(URI.create("/platforms/helpdesk"))
                .withType(type)
                .withSubject("s-77")
                .withTime(OffsetDateTime.parse(TIME.toString()));
    }

    private static String json() {
        return "application/json";
    }

    private static ConsumerRecord<byte[], byte[]> binary(CloudEvent event) {
        return received(KafkaMessageFactory.createWriter("chat-turns").writeBinary(event));
    }

    private static ConsumerRecord<byte[], byte[]> structured(CloudEvent event) {
        return received(
                KafkaMessageFactory.createWriter("chat-turns")
                        .writeStructured(event, new JsonFormat()));
    }

    private static ConsumerRecord<byte[], byte[]> received(ProducerRecord<?, byte[]> sent) {
        return ParleyEventDecoderTest.received(
                "key".getBytes(UTF_8), sent.value(), TIME, sent.headers());
    }
}
