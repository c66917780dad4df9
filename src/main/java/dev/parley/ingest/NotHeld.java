package dev.parley.ingest;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * Marks a record whose key, value or headers were not kept in memory when it was read. It is a
 * header, since that is what a deserializer can add to; nobody who publishes can make one, because
 * what comes from the broker is never of this class.
 */
enum NotHeld implements Header {
    /** A part of it is larger than any that is taken. */
    TOO_LARGE,

    /** Its poll held enough already: it has to be read again. */
    DEFERRED;

    private static final String NAME = "parley-not-held";
    private static final byte[] NOTHING = {};

    /** Why that record is not here; null if it is. */
    static @Nullable NotHeld of(ConsumerRecord<?, ?> record) {
        return record.headers().lastHeader(NAME) instanceof NotHeld why ? why : null;
    }

    @Override
    public String key() {
        return NAME;
    }

    @Override
    public byte[] value() {
        return NOTHING;
    }
}
