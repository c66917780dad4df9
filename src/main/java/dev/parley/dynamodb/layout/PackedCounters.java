package dev.parley.dynamodb.layout;

import dev.parley.session.Counters;
import dev.parley.session.Latency;
import dev.parley.session.LatencyBuckets;
import dev.parley.session.Role;
import dev.parley.session.Usage;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.EnumMap;
import java.util.Map;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Converts {@link Counters} to one binary attribute and back. It is a sequence of pairs: the number
 * of a counter, then its value, without the counters that are 0. Both are unsigned integers in <a
 * href="https://en.wikipedia.org/wiki/LEB128#Unsigned_LEB128">LEB128</a>: seven bits a byte, the
 * lowest ones first, and the highest bit is set in all bytes but the last. Maps of numbers, as in
 * the first format, take three times as many bytes.
 *
 * <p>The numbers are part of the format:
 *
 * <pre>
 *   1 to 6     turns of the roles system, user, tool, assistant, agent, other
 *   8 to 11    input, output, cached input and reasoning tokens
 *   12         turns with an error
 *   13, 14     the sum and the maximum of the latencies, in milliseconds
 *   16 to 30   latencies in the buckets 0 to 14
 * </pre>
 */
final class PackedCounters {

    private static final int INPUT_TOKENS = 8;
    private static final int OUTPUT_TOKENS = 9;
    private static final int CACHED_INPUT_TOKENS = 10;
    private static final int REASONING_TOKENS = 11;
    private static final int ERRORS = 12;
    private static final int LATENCY_SUM = 13;
    private static final int LATENCY_MAX = 14;
    private static final int FIRST_BUCKET = 16;
    private static final int COUNTERS = FIRST_BUCKET + LatencyBuckets.SIZE;

    private static final int LOW_BITS = 0x7f;
    private static final int MORE = 0x80;
    private static final int BITS = 7;

    private PackedCounters() {}

    static AttributeValue toAttribute(Counters counters) {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        for (Role role : Role.values()) {
            long turns = counters.turnsByRole().getOrDefault(role, 0L);
            put(numberOf(role), turns, packed);
        }
        Usage usage = counters.usage();
        put(INPUT_TOKENS, usage.inputTokens(), packed);
        put(OUTPUT_TOKENS, usage.outputTokens(), packed);
        put(CACHED_INPUT_TOKENS, usage.cachedInputTokens(), packed);
        put(REASONING_TOKENS, usage.reasoningTokens(), packed);
        put(ERRORS, counters.errors(), packed);
        Latency latency = counters.latency();
        put(LATENCY_SUM, latency.sumMs(), packed);
        put(LATENCY_MAX, latency.maxMs(), packed);
        for (int bucket = 0; bucket < LatencyBuckets.SIZE; bucket++) {
            put(FIRST_BUCKET + bucket, latency.buckets().count(bucket), packed);
        }
        return AttributeValue.fromB(SdkBytes.fromByteArrayUnsafe(packed.toByteArray()));
    }

    private static int numberOf(Role role) {
        return switch (role) {
            case SYSTEM -> 1;
            case USER -> 2;
            case TOOL -> 3;
            case ASSISTANT -> 4;
            case AGENT -> 5;
            case OTHER -> 6;
        };
    }

    private static void put(int counter, long value, ByteArrayOutputStream packed) {
        if (value != 0) {
            put(counter, packed);
            put(value, packed);
        }
    }

    private static void put(long number, ByteArrayOutputStream packed) {
        long left = number;
        while ((left & ~(long) LOW_BITS) != 0) {
            packed.write((int) (left & LOW_BITS) | MORE);
            left >>>= BITS;
        }
        packed.write((int) left);
    }

    static Counters of(AttributeValue packed) {
        long[] values = new long[COUNTERS];
        ByteBuffer bytes = packed.b().asByteBuffer();
        while (bytes.hasRemaining()) {
            int counter = (int) number(bytes);
            if (counter >= COUNTERS) {
                throw Format.newer("the session has counter %d".formatted(counter));
            }
            values[counter] = number(bytes);
        }
        Map<Role, Long> byRole = new EnumMap<>(Role.class);
        for (Role role : Role.values()) {
            long turns = values[numberOf(role)];
            if (turns > 0) {
                byRole.put(role, turns);
            }
        }
        long[] buckets = new long[LatencyBuckets.SIZE];
        System.arraycopy(values, FIRST_BUCKET, buckets, 0, buckets.length);
        return new Counters(
                byRole,
                new Usage(
                        values[INPUT_TOKENS],
                        values[OUTPUT_TOKENS],
                        values[CACHED_INPUT_TOKENS],
                        values[REASONING_TOKENS]),
                new Latency(values[LATENCY_SUM], values[LATENCY_MAX], LatencyBuckets.of(buckets)),
                values[ERRORS]);
    }

    private static long number(ByteBuffer bytes) {
        long number = 0;
        int shift = 0;
        byte next = bytes.get();
        while ((next & MORE) != 0) {
            number |= (long) (next & LOW_BITS) << shift;
            shift += BITS;
            next = bytes.get();
        }
        return number | (long) next << shift;
    }
}
