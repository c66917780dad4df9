package dev.parley.dynamodb.layout;

import java.util.Arrays;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/**
 * Compresses and decompresses with raw DEFLATE (RFC 1951), with or without a {@link Dictionary}.
 *
 * <p>Deflaters and inflaters use native memory. A few of them are kept and used again; the others
 * are ended after use.
 */
final class Deflate {

    /**
     * Level 3 compresses a tail in less than half of the time of level 6, and the result is at most
     * 5 % larger.
     */
    private static final int LEVEL = 3;

    private static final boolean RAW = true;
    private static final int MAX_KEPT = Runtime.getRuntime().availableProcessors() * 2;

    /** Bytes in addition to the expected size, because short data compresses less well. */
    private static final int SPARE = 64;

    private static final Queue<Deflater> DEFLATERS = new ArrayBlockingQueue<>(MAX_KEPT);
    private static final Queue<Inflater> INFLATERS = new ArrayBlockingQueue<>(MAX_KEPT);

    private Deflate() {}

    static byte[] deflate(byte[] plain, @Nullable Dictionary dictionary) {
        Deflater kept = DEFLATERS.poll();
        Deflater deflater = kept == null ? new Deflater(LEVEL, RAW) : kept;
        byte[] packed = new byte[plain.length / 2 + SPARE];
        int size = 0;
        if (dictionary != null) {
            deflater.setDictionary(dictionary.text());
            packed[size++] = dictionary.marker();
        }
        deflater.setInput(plain);
        deflater.finish();
        while (!deflater.finished()) {
            packed = withRoom(packed, size);
            size += deflater.deflate(packed, size, packed.length - size);
        }
        deflater.reset();
        if (!DEFLATERS.offer(deflater)) {
            deflater.end();
        }
        return Arrays.copyOf(packed, size);
    }

    /**
     * Decompresses what {@link #deflate} has compressed.
     *
     * @throws IllegalArgumentException if the bytes are not a whole DEFLATE stream
     * @throws dev.parley.session.SessionStoreException.Unavailable if the dictionary is not known
     */
    static byte[] inflate(byte[] packed) {
        Dictionary dictionary = Dictionary.of(packed);
        Inflater kept = INFLATERS.poll();
        Inflater inflater = kept == null ? new Inflater(RAW) : kept;
        try {
            if (dictionary == null) {
                inflater.setInput(packed);
            } else {
                inflater.setDictionary(dictionary.text());
                inflater.setInput(packed, 1, packed.length - 1);
            }
            byte[] plain = new byte[packed.length * 4 + SPARE];
            int size = 0;
            while (!inflater.finished()) {
                plain = withRoom(plain, size);
                int bytes = inflater.inflate(plain, size, plain.length - size);
                if (bytes == 0 && inflater.needsInput() && !inflater.finished()) {
                    throw new IllegalArgumentException("the deflated turns are cut off");
                }
                size += bytes;
            }
            return Arrays.copyOf(plain, size);
        } catch (DataFormatException e) {
            throw new IllegalArgumentException("the deflated turns can't be inflated", e);
        } finally {
            inflater.reset();
            if (!INFLATERS.offer(inflater)) {
                inflater.end();
            }
        }
    }

    /**
     * Returns the array itself if it has room, otherwise a copy of twice the size. The engines
     * write directly into the growing result, so that no buffer has to be copied into it.
     */
    private static byte[] withRoom(byte[] buffer, int size) {
        return size < buffer.length ? buffer : Arrays.copyOf(buffer, 2 * size);
    }
}
