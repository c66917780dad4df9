package dev.parley.ingest;

import dev.parley.ingest.decode.UndecodableException;
import jakarta.enterprise.context.ApplicationScoped;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jboss.logging.Logger;

/**
 * Reports failures of Parley itself, which no retry fixes. Each one is logged as an error and
 * counted, and the affected records are written to the dead-letter topic as a whole. So ingestion
 * continues for all other records, and the affected records can be replayed once the defect is
 * fixed.
 */
@ApplicationScoped
class Defects {

    private static final Logger LOG = Logger.getLogger(Defects.class);

    private final IngestMetrics metrics;

    Defects(IngestMetrics metrics) {
        this.metrics = metrics;
    }

    /** Reports a failure of a record's decoder. Returns the reason for its dead letter. */
    UndecodableException decoding(ConsumerRecord<byte[], byte[]> record, Throwable defect) {
        LOG.errorf(
                new RedactedFailure(defect),
                "Defect: the record %s-%d@%d can't be decoded and is dead-lettered",
                record.topic(),
                record.partition(),
                record.offset());
        return counted(defect);
    }

    /**
     * Reports a failure of the write of a session. Returns the reason for the dead letters of its
     * records.
     */
    UndecodableException writing(SessionRecords session, Throwable defect) {
        LOG.errorf(
                new RedactedFailure(defect),
                "Defect: the session %s can't be written; records that are dead-lettered: %d",
                session.sessionId(),
                session.size());
        return counted(defect);
    }

    /**
     * Reports a failure after which records are not settled. They are delivered again after the
     * next start.
     */
    void settling(Throwable defect) {
        LOG.error(
                "Defect: records can't be settled until the next start",
                new RedactedFailure(defect));
        metrics.defect();
    }

    private UndecodableException counted(Throwable defect) {
        metrics.defect();
        return new UndecodableException(
                "defect: " + defect.getClass().getName(), defect.getCause());
    }
}
