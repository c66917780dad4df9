package dev.parley.ingest;

import dev.parley.json.JsonLimits;
import java.util.Iterator;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * Limits how much of one poll is kept in memory, in uncompressed bytes. Kafka's own settings limit
 * the number of records and the compressed bytes, and a compressed megabyte can expand to a
 * thousand. But the client decompresses one record after the other and passes each to the
 * deserializers, which check here whether they may keep it.
 *
 * <p>Once the budget is used up, all further records of the same poll are {@linkplain
 * OmittedContent#DEFERRED deferred}, so that their order is kept. Only the polling thread may use a
 * budget.
 */
final class PollBudget {

    /** The consumer setting through which its deserializers and its interceptor get its budget. */
    static final String SETTING = "parley.poll-budget";

    /** The largest size in bytes of a key, of a value, and of all headers together. */
    static final int MAX_PART_BYTES = JsonLimits.MAX_BYTES;

    /** The heap that the objects of one header take besides its content: some 100 bytes. */
    private static final int BYTES_AROUND_A_HEADER = 100;

    private final long bytes;
    private long kept;
    private boolean exhausted;
    private @Nullable Headers current;
    private boolean currentIsKept;

    PollBudget(long bytes) {
        this.bytes = bytes;
    }

    /**
     * Returns a budget without a limit, for a reader that polls one record at a time and counts the
     * bytes itself.
     */
    static PollBudget unlimited() {
        return new PollBudget(Long.MAX_VALUE);
    }

    /**
     * Resets the budget at the end of a poll. The records of that poll do not count here any more.
     */
    void nextPoll() {
        kept = 0;
        exhausted = false;
        current = null;
    }

    /**
     * Returns whether a key or a value of that size may be kept. If not, the record is marked.
     *
     * @param headers the headers of the record: the same object for its key and its value
     */
    @SuppressWarnings("ReferenceEquality") // two records may have equal headers
    boolean keeps(Headers headers, int size) {
        if (headers != current) {
            current = headers;
            currentIsKept = true;
            count(headers, size(headers));
        }
        if (currentIsKept) {
            count(headers, size);
        }
        return currentIsKept;
    }

    private void count(Headers headers, long size) {
        if (size > MAX_PART_BYTES) {
            omit(headers, OmittedContent.TOO_LARGE);
        } else if (exhausted || kept + size > bytes) {
            exhausted = true;
            omit(headers, OmittedContent.DEFERRED);
        } else {
            kept += size;
        }
    }

    /**
     * Marks the record as omitted. A record that is too large keeps its headers if these are not
     * too large, so that its dead letter has them.
     */
    private void omit(Headers headers, OmittedContent why) {
        currentIsKept = false;
        if (why == OmittedContent.DEFERRED || size(headers) > MAX_PART_BYTES) {
            Iterator<Header> each = headers.iterator();
            while (each.hasNext()) {
                each.next();
                each.remove();
            }
        }
        headers.add(why);
    }

    /** Returns about how many bytes of heap the headers take. */
    static long size(Headers headers) {
        long size = 0;
        for (Header header : headers) {
            size += BYTES_AROUND_A_HEADER + header.key().length();
            size += header.value() == null ? 0 : header.value().length;
        }
        return size;
    }
}
