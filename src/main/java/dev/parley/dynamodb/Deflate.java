package dev.parley.dynamodb;

import java.io.ByteArrayOutputStream;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/**
 * Raw DEFLATE (RFC 1951), as {@code zlib.decompress(data, -15)} reads it in Python.
 *
 * <p>Both engines hold native memory, so a few are kept and used again, and what is over is ended.
 */
final class Deflate {

    /** Level 3 packs a tail in under half of the time of level 6 and within 5 % of its size. */
    private static final int LEVEL = 3;

    private static final boolean RAW = true;
    private static final int KEPT = Runtime.getRuntime().availableProcessors() * 2;
    private static final int BUFFER_BYTES = 8 * 1024;

    private static final Queue<Deflater> DEFLATERS = new ArrayBlockingQueue<>(KEPT);
    private static final Queue<Inflater> INFLATERS = new ArrayBlockingQueue<>(KEPT);

    private Deflate() {}

    static byte[] deflate(byte[] plain) {
        Deflater kept = DEFLATERS.poll();
        Deflater deflater = kept == null ? new Deflater(LEVEL, RAW) : kept;
        deflater.setInput(plain);
        deflater.finish();
        ByteArrayOutputStream packed = new ByteArrayOutputStream(plain.length / 2);
        byte[] buffer = new byte[BUFFER_BYTES];
        while (!deflater.finished()) {
            packed.write(buffer, 0, deflater.deflate(buffer));
        }
        deflater.reset();
        if (!DEFLATERS.offer(deflater)) {
            deflater.end();
        }
        return packed.toByteArray();
    }

    /**
     * @throws IllegalArgumentException if the bytes are no whole DEFLATE stream
     */
    static byte[] inflate(byte[] packed) {
        Inflater kept = INFLATERS.poll();
        Inflater inflater = kept == null ? new Inflater(RAW) : kept;
        try {
            inflater.setInput(packed);
            ByteArrayOutputStream plain = new ByteArrayOutputStream(packed.length * 4);
            byte[] buffer = new byte[BUFFER_BYTES];
            while (!inflater.finished()) {
                int bytes = inflater.inflate(buffer);
                if (bytes == 0 && inflater.needsInput()) {
                    throw new IllegalArgumentException("the deflated turns are cut off");
                }
                plain.write(buffer, 0, bytes);
            }
            return plain.toByteArray();
        } catch (DataFormatException e) {
            throw new IllegalArgumentException("the deflated turns can't be inflated", e);
        } finally {
            inflater.reset();
            if (!INFLATERS.offer(inflater)) {
                inflater.end();
            }
        }
    }
}
