package dev.parley.ingest;

import dev.parley.ingest.decode.UndecodableException;
import jakarta.enterprise.context.ApplicationScoped;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jboss.logging.Logger;

/**
 * Failures of Parley's own, which no retry heals. They are told aloud, and what met them is set
 * aside whole, so that ingestion goes on for everybody else and the records can be put back once
 * the defect is mended.
 */
@ApplicationScoped
class Defects {

    private static final Logger LOG = Logger.getLogger(Defects.class);

    private final IngestMetrics metrics;

    Defects(IngestMetrics metrics) {
        this.metrics = metrics;
    }

    /** Met by the decoder of a record; gives back why the record is set aside. */
    UndecodableException decoding(ConsumerRecord<byte[], byte[]> record, Throwable defect) {
        LOG.errorf(
                new WithoutMessage(defect),
                "A defect: %s-%d@%d can't be decoded and goes to the dead-letter topic",
                record.topic(),
                record.partition(),
                record.offset());
        return counted(defect);
    }

    /** Met by the write of a session; gives back why its records are set aside. */
    UndecodableException writing(SessionRecords session, Throwable defect) {
        LOG.errorf(
                new WithoutMessage(defect),
                "A defect: the session %s can't be written; records that go to the dead-letter"
                        + " topic: %d",
                session.sessionId(),
                session.size());
        return counted(defect);
    }

    private UndecodableException counted(Throwable defect) {
        metrics.defect();
        return new UndecodableException(
                "defect: " + defect.getClass().getName(), defect.getCause());
    }
}
