package dev.parley.ingest;

import dev.parley.ingest.decode.EventDecoders;
import dev.parley.ingest.decode.EventRecord;
import dev.parley.ingest.decode.UndecodableException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Decoded records, grouped by session, and those that are ignored or can't be decoded. */
final class DecodedBatch {

    private final Map<String, SessionRecords> bySession = new LinkedHashMap<>();
    private final List<RejectedRecord> undecodable = new ArrayList<>();
    private final List<ConsumerRecord<byte[], byte[]>> ignored = new ArrayList<>();

    private DecodedBatch() {}

    static DecodedBatch of(
            List<ConsumerRecord<byte[], byte[]>> records, EventDecoders decoders, Defects defects) {
        DecodedBatch batch = new DecodedBatch();
        for (ConsumerRecord<byte[], byte[]> record : records) {
            try {
                requireContent(record);
                decoders.decode(new EventRecord(record))
                        .ifPresentOrElse(
                                event ->
                                        batch.bySession
                                                .computeIfAbsent(
                                                        event.sessionId(), SessionRecords::new)
                                                .add(record, event),
                                () -> batch.ignored.add(record));
            } catch (UndecodableException why) {
                batch.undecodable.add(new RejectedRecord(record, why));
            } catch (RuntimeException | StackOverflowError defect) {
                batch.undecodable.add(new RejectedRecord(record, defects.decoding(record, defect)));
            }
        }
        return batch;
    }

    private static void requireContent(ConsumerRecord<byte[], byte[]> record) {
        OmittedContent why = OmittedContent.of(record);
        if (why != null) {
            throw new UndecodableException(
                    switch (why) {
                        case TOO_LARGE -> "larger than " + PollBudget.MAX_PART_BYTES + " bytes";
                        case DEFERRED -> "no longer in its topic when Parley read it again";
                    });
        }
    }

    Collection<SessionRecords> bySession() {
        return bySession.values();
    }

    /** Returns the records that do not affect a session. */
    List<ConsumerRecord<byte[], byte[]>> ignored() {
        return ignored;
    }

    List<RejectedRecord> undecodable() {
        return undecodable;
    }
}
