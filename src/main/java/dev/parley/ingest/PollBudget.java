package dev.parley.ingest;

import dev.parley.json.JsonLimits;
import java.util.Iterator;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * How much of what one poll reads is kept in memory, in uncompressed bytes. Kafka's own settings
 * count records and compressed bytes, and a compressed megabyte can become a thousand; but the
 * client decompresses one record after the other, and hands each to the deserializers, which ask
 * here whether they may keep it.
 *
 * <p>Once the budget is used up, all that follows in the same poll is {@linkplain NotHeld#DEFERRED
 * deferred}, so that the order stays. For the one thread that polls.
 */
final class PollBudget {

    /** The setting of a consumer by which its deserializers and its interceptor get theirs. */
    static final String SETTING = "parley.poll-budget";

    /** Of a key, of a value, and of all headers together. */
    static final int MAX_PART_BYTES = JsonLimits.MAX_BYTES;

    /** What the objects around a header take, some 100 bytes. */
    private static final int BYTES_AROUND_A_HEADER = 100;

    private final long bytes;
    private long kept;
    private boolean used;
    private @Nullable Headers current;
    private boolean currentIsHeld;

    PollBudget(long bytes) {
        this.bytes = bytes;
    }

    /** Of one who reads record by record, and counts for himself. */
    static PollBudget unlimited() {
        return new PollBudget(Long.MAX_VALUE);
    }

    /** Forgets the poll that has ended: its records are another's to count. */
    void nextPoll() {
        kept = 0;
        used = false;
        current = null;
    }

    /**
     * Whether the key or the value of that size may be kept. If not, the record is marked.
     *
     * @param headers of the record: the same object for its key and its value
     */
    @SuppressWarnings("ReferenceEquality") // two records may have equal headers
    boolean keeps(Headers headers, int size) {
        if (headers != current) {
            current = headers;
            currentIsHeld = true;
            count(headers, size(headers));
        }
        if (currentIsHeld) {
            count(headers, size);
        }
        return currentIsHeld;
    }

    private void count(Headers headers, long size) {
        if (size > MAX_PART_BYTES) {
            leaveOut(headers, NotHeld.TOO_LARGE);
        } else if (used || kept + size > bytes) {
            used = true;
            leaveOut(headers, NotHeld.DEFERRED);
        } else {
            kept += size;
        }
    }

    /** Headers of a usual size stay where the record can be set aside with them. */
    private void leaveOut(Headers headers, NotHeld why) {
        currentIsHeld = false;
        if (why == NotHeld.DEFERRED || size(headers) > MAX_PART_BYTES) {
            Iterator<Header> each = headers.iterator();
            while (each.hasNext()) {
                each.next();
                each.remove();
            }
        }
        headers.add(why);
    }

    private static long size(Headers headers) {
        long size = 0;
        for (Header header : headers) {
            size += BYTES_AROUND_A_HEADER + header.key().length();
            size += header.value() == null ? 0 : header.value().length;
        }
        return size;
    }
}
