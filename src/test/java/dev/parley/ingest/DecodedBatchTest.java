package dev.parley.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.ingest.decode.AllDecoders;
import dev.parley.ingest.decode.EventDecoder;
import dev.parley.ingest.decode.EventRecord;
import dev.parley.session.SessionEvent;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

class DecodedBatchTest {

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final IngestMetrics metrics = new IngestMetrics(registry, Clock.systemUTC());
    private final Defects defects = new Defects(metrics);

    @Test
    void record_thatADecoderFailsAt_isADefectOfItsOwn() {
        DecodedBatch sorted =
                sort(
                        new IllegalStateException("SECRET", new ArithmeticException("SECRET")),
                        List.of(record("a")));

        assertThat(sorted.bySession()).isEmpty();
        assertThat(sorted.undecodable())
                .singleElement()
                .extracting(RejectedRecord::why)
                .satisfies(
                        why ->
                                assertThat(why)
                                        .hasMessage("defect: java.lang.IllegalStateException")
                                        .hasCauseInstanceOf(ArithmeticException.class));
        assertThat(registry.get("parley.ingest.defects").counter().count()).isOne();
    }

    @Test
    void record_thatADecoderOverflowsTheStackAt_isADefectToo() {
        DecodedBatch sorted = sort(new StackOverflowError(), List.of(record("a")));

        assertThat(sorted.undecodable())
                .singleElement()
                .extracting(poison -> poison.why().getMessage())
                .isEqualTo("defect: java.lang.StackOverflowError");
    }

    @Test
    void record_thatIsNotHeld_isNotDecoded() {
        DecodedBatch sorted =
                sort(
                        new AssertionError(),
                        List.of(
                                notHeld(OmittedContent.TOO_LARGE),
                                notHeld(OmittedContent.DEFERRED)));

        assertThat(sorted.undecodable())
                .extracting(poison -> poison.why().getMessage())
                .containsExactly(
                        "larger than 2097152 bytes",
                        "the topic didn't have it any more when it was its turn");
        assertThat(registry.get("parley.ingest.defects").counter().count()).isZero();
    }

    private DecodedBatch sort(Throwable failure, List<ConsumerRecord<byte[], byte[]>> records) {
        EventDecoder broken =
                new EventDecoder() {
                    @Override
                    public boolean recognises(EventRecord received) {
                        return true;
                    }

                    @Override
                    public Optional<SessionEvent> decode(EventRecord received) {
                        if (failure instanceof Error error) {
                            throw error;
                        }
                        throw (RuntimeException) failure;
                    }
                };
        return DecodedBatch.of(records, AllDecoders.only(broken), defects, metrics);
    }

    private static ConsumerRecord<byte[], byte[]> notHeld(OmittedContent why) {
        ConsumerRecord<byte[], byte[]> record = record("");
        record.headers().add(why);
        return record;
    }

    private static ConsumerRecord<byte[], byte[]> record(String value) {
        return new ConsumerRecord<>("topic", 0, 0, null, value.getBytes(UTF_8));
    }
}
