package dev.parley.ingest;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * Marks a record whose key, value or headers were not kept in memory when it was read. The mark is
 * a header, because headers are all that a deserializer can add to. No publisher can create such a
 * mark, because headers that come from the broker are never of this class.
 */
enum OmittedContent implements Header {
    /**
     * The key, the value, or all headers together are larger than {@link
     * PollBudget#MAX_PART_BYTES}.
     */
    TOO_LARGE,

    /** The budget of its poll was used up. The record has to be read again. */
    DEFERRED;

    private static final String NAME = "parley-not-held";
    private static final byte[] NOTHING = {};

    /** Returns why the content of the record is not in memory, or null if it is. */
    static @Nullable OmittedContent of(ConsumerRecord<?, ?> record) {
        return record.headers().lastHeader(NAME) instanceof OmittedContent why ? why : null;
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
