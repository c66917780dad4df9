package dev.parley.dynamodb.layout;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/**
 * A preset dictionary of DEFLATE: text that turns probably have in common, such as the names of
 * their fields. It makes a block of three turns a seventh smaller. Stored turns can't be read
 * without the dictionary that they were deflated with, so a dictionary never changes; a better one
 * gets the next number. They are files of this project, {@code parley/turns-1.dict} is the first.
 *
 * <p>The number of the dictionary is stored in the first byte of a block: in its upper five bits.
 * The lower three are {@code 110}, with which no DEFLATE stream begins (RFC 1951, 3.2.3: it would
 * be a block of the reserved type). So a block without a dictionary is recognized, too.
 */
final class Dictionary {

    private static final int RESERVED_TYPE = 0b110;
    private static final int NUMBER_SHIFT = 3;

    private static final int LATEST_NUMBER = 1;
    static final Dictionary LATEST = read(LATEST_NUMBER);

    private final byte marker;
    private final byte[] text;

    private Dictionary(int number, byte[] text) {
        this.marker = (byte) (number << NUMBER_SHIFT | RESERVED_TYPE);
        this.text = text;
    }

    /** Returns the first byte of blocks that need this dictionary. */
    byte marker() {
        return marker;
    }

    /** Returns the text, which must not be changed. */
    byte[] text() {
        return text;
    }

    /**
     * Returns the dictionary that a block needs; null if it needs none.
     *
     * @throws dev.parley.session.SessionStoreException.Unavailable if a later version of Parley has
     *     written the block with a dictionary that this version does not have
     */
    static @Nullable Dictionary of(byte[] block) {
        if (!isNeeded(block)) {
            return null;
        }
        if (block[0] != LATEST.marker) {
            throw Format.newer(
                    "turns are deflated with dictionary %d"
                            .formatted((block[0] & 0xff) >>> NUMBER_SHIFT));
        }
        return LATEST;
    }

    /** Returns whether the block is deflated with a dictionary. */
    static boolean isNeeded(byte[] block) {
        return block.length > 0 && (block[0] & RESERVED_TYPE) == RESERVED_TYPE;
    }

    private static Dictionary read(int number) {
        String name = "/parley/turns-%d.dict".formatted(number);
        try (InputStream file = Dictionary.class.getResourceAsStream(name)) {
            if (file == null) {
                throw new IllegalStateException(name + " is missing");
            }
            return new Dictionary(number, file.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
