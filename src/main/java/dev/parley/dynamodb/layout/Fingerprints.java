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
 * Short fingerprints of turns' identities, in the order in which the turns were stored. They tell
 * that a turn is certainly not one of these, or that it may be: two identities in 16 million have
 * the same one, so whoever finds one looks the turn up.
 */
public final class Fingerprints {

    static final Fingerprints NONE = new Fingerprints(new byte[0]);

    /** Of one fingerprint: with three, some 120 of them are less than 400 bytes of an item. */
    private static final int BYTES = 3;

    private final byte[] packed;

    private Fingerprints(byte[] packed) {
        this.packed = packed;
    }

    /** What {@link #toAttribute} gave; none where there is no attribute. */
    public static Fingerprints stored(@Nullable AttributeValue value) {
        return value == null ? NONE : new Fingerprints(value.b().asByteArray());
    }

    AttributeValue toAttribute() {
        return AttributeValue.fromB(SdkBytes.fromByteArray(packed));
    }

    boolean isEmpty() {
        return packed.length == 0;
    }

    /** How much memory and how much of an item they take. */
    public int bytes() {
        return packed.length;
    }

    /** Whether the turn may be one of these. */
    boolean mayContain(Turn.Identity turn) {
        int sought = of(turn);
        for (int at = 0; at < packed.length; at += BYTES) {
            if (read(at) == sought) {
                return true;
            }
        }
        return false;
    }

    /** These and, behind them, those of further turns. */
    Fingerprints plus(Collection<Turn.Identity> turns) {
        byte[] more = Arrays.copyOf(packed, packed.length + turns.size() * BYTES);
        int at = packed.length;
        for (Turn.Identity turn : turns) {
            int fingerprint = of(turn);
            more[at++] = (byte) (fingerprint >>> 16);
            more[at++] = (byte) (fingerprint >>> 8);
            more[at++] = (byte) fingerprint;
        }
        return new Fingerprints(more);
    }

    /** These and, behind them, others. */
    Fingerprints plus(Fingerprints others) {
        if (others.isEmpty()) {
            return this;
        }
        byte[] more = Arrays.copyOf(packed, packed.length + others.packed.length);
        System.arraycopy(others.packed, 0, more, packed.length, others.packed.length);
        return new Fingerprints(more);
    }

    /** The last ones. */
    Fingerprints last(int count) {
        int from = packed.length - Math.max(0, count) * BYTES;
        return from <= 0 ? this : new Fingerprints(Arrays.copyOfRange(packed, from, packed.length));
    }

    private int read(int at) {
        return ((packed[at] & 0xff) << 16)
                | ((packed[at + 1] & 0xff) << 8)
                | (packed[at + 2] & 0xff);
    }

    /** The same in every process and version: it is stored. */
    private static int of(Turn.Identity turn) {
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
