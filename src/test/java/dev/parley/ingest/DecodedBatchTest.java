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

/** Tests how a batch separates records that can be decoded from those that can't. */
class DecodedBatchTest {

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final IngestMetrics metrics = new IngestMetrics(registry, Clock.systemUTC());
    private final Defects defects = new Defects(metrics);

    @Test
    void recordAtWhichADecoderFails_isReportedAsADefect() {
        DecodedBatch batch =
                decode(
                        new IllegalStateException("SECRET", new ArithmeticException("SECRET")),
                        List.of(record("a")));

        assertThat(batch.bySession()).isEmpty();
        assertThat(batch.undecodable())
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
    void recordThatOverflowsTheStack_isReportedAsADefect() {
        DecodedBatch batch = decode(new StackOverflowError(), List.of(record("a")));

        assertThat(batch.undecodable())
                .singleElement()
                .extracting(rejected -> rejected.why().getMessage())
                .isEqualTo("defect: java.lang.StackOverflowError");
    }

    @Test
    void recordWithOmittedContent_isNotDecoded() {
        DecodedBatch batch =
                decode(
                        new AssertionError(),
                        List.of(
                                omitted(OmittedContent.TOO_LARGE),
                                omitted(OmittedContent.DEFERRED)));

        assertThat(batch.undecodable())
                .extracting(rejected -> rejected.why().getMessage())
                .containsExactly(
                        "larger than 2097152 bytes",
                        "no longer in its topic when Parley read it again");
        assertThat(registry.get("parley.ingest.defects").counter().count()).isZero();
    }

    private DecodedBatch decode(Throwable failure, List<ConsumerRecord<byte[], byte[]>> records) {
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
        return DecodedBatch.of(records, AllDecoders.only(broken), defects);
    }

    private static ConsumerRecord<byte[], byte[]> omitted(OmittedContent why) {
        ConsumerRecord<byte[], byte[]> record = record("");
        record.headers().add(why);
        return record;
    }

    private static ConsumerRecord<byte[], byte[]> record(String value) {
        return new ConsumerRecord<>("topic", 0, 0, null, value.getBytes(UTF_8));
    }
}
