package dev.parley.dynamodb.layout;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.parley.session.Turn;
import java.util.Arrays;
import java.util.Collection;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Short fingerprints of turn identities, in the order in which the turns were stored. A fingerprint
 * shows that a turn is certainly not one of these turns, or that it may be one. One pair of
 * identities in 16 million has the same fingerprint, so a match must be verified by a search for
 * the turn.
 */
public final class Fingerprints {

    public static final Fingerprints NONE = new Fingerprints(new byte[0]);

    /**
     * Bytes of one fingerprint. With three bytes, about 120 fingerprints take less than 400 bytes
     * of an item.
     */
    private static final int BYTES = 3;

    private final byte[] packed;

    private Fingerprints(byte[] packed) {
        this.packed = packed;
    }

    /**
     * Reads what {@link #toAttribute} has written; there are no fingerprints if there is no
     * attribute.
     */
    public static Fingerprints stored(@Nullable AttributeValue value) {
        return value == null ? NONE : new Fingerprints(value.b().asByteArray());
    }

    AttributeValue toAttribute() {
        return AttributeValue.fromB(SdkBytes.fromByteArray(packed));
    }

    boolean isEmpty() {
        return packed.length == 0;
    }

    /** Returns the size of the fingerprints in bytes, in memory and in an item. */
    public int bytes() {
        return packed.length;
    }

    /** Returns whether the turn may be one of these. */
    boolean mayContain(Turn.Identity turn) {
        int wanted = compute(turn);
        for (int at = 0; at < packed.length; at += BYTES) {
            if (read(at) == wanted) {
                return true;
            }
        }
        return false;
    }

    /** Returns these fingerprints, followed by those of further turns. */
    Fingerprints plus(Collection<Turn.Identity> turns) {
        byte[] more = Arrays.copyOf(packed, packed.length + turns.size() * BYTES);
        int at = packed.length;
        for (Turn.Identity turn : turns) {
            int fingerprint = compute(turn);
            more[at++] = (byte) (fingerprint >>> 16);
            more[at++] = (byte) (fingerprint >>> 8);
            more[at++] = (byte) fingerprint;
        }
        return new Fingerprints(more);
    }

    /** Returns these fingerprints, followed by others. */
    Fingerprints plus(Fingerprints others) {
        if (others.isEmpty()) {
            return this;
        }
        byte[] more = Arrays.copyOf(packed, packed.length + others.packed.length);
        System.arraycopy(others.packed, 0, more, packed.length, others.packed.length);
        return new Fingerprints(more);
    }

    /** Returns the last fingerprints, at most {@code count}. */
    Fingerprints last(int count) {
        int from = packed.length - Math.max(0, count) * BYTES;
        return from <= 0 ? this : new Fingerprints(Arrays.copyOfRange(packed, from, packed.length));
    }

    private int read(int at) {
        return ((packed[at] & 0xff) << 16)
                | ((packed[at + 1] & 0xff) << 8)
                | (packed[at + 2] & 0xff);
    }

    /**
     * Computes a fingerprint. Fingerprints are stored, so the result must be the same in every
     * process and in every version of Parley.
     */
    private static int compute(Turn.Identity turn) {
        CRC32C checksum = new CRC32C();
        checksum.update(turn.role().wireName().getBytes(UTF_8));
        checksum.update(' ');
        checksum.update(turn.id().getBytes(UTF_8));
        return (int) checksum.getValue() & 0xffffff;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Fingerprints same && Arrays.equals(packed, same.packed);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(packed);
    }

    @Override
    public String toString() {
        return "Fingerprints[" + packed.length / BYTES + "]";
    }
}
