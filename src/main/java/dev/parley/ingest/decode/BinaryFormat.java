package dev.parley.ingest.decode;

import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Recognises the format of bytes that are not JSON, by their first bytes. */
final class BinaryFormat {

    private static final Map<String, String> BY_FIRST_BYTES =
            Map.of(
                    "1f8b", "gzip",
                    "28b52ffd", "zstd",
                    "04224d18", "LZ4",
                    "4f626a01", "an Avro file",
                    "c301", "Avro");

    private static final int LONGEST_PREFIX = 4;

    /**
     * How many bytes are checked: enough to reach the next field of a message, whose tag is a
     * control character.
     */
    private static final int CHECKED_BYTES = 256;

    private BinaryFormat() {}

    static Optional<String> nameOf(byte[] bytes) {
        String start =
                HexFormat.of()
                        .formatHex(bytes, 0, Math.min(bytes.length, LONGEST_PREFIX))
                        .toLowerCase(Locale.ROOT);
        return BY_FIRST_BYTES.entrySet().stream()
                .filter(known -> start.startsWith(known.getKey()))
                .map(Map.Entry::getValue)
                .findFirst()
                .or(
                        () ->
                                isBinary(bytes)
                                        ? Optional.of("binary, as Avro and Protobuf are")
                                        : Optional.empty());
    }

    /**
     * Returns whether the bytes are a binary format. Avro and Protobuf begin with the numbers and
     * the lengths of fields, which are control characters that text does not contain.
     */
    private static boolean isBinary(byte[] bytes) {
        if (bytes.length < 2 || isUtf16(bytes) || startsLikeJson(bytes)) {
            return false;
        }
        for (int i = 0; i < Math.min(bytes.length, CHECKED_BYTES); i++) {
            if (bytes[i] >= 0 && bytes[i] < ' ' && !Character.isWhitespace(bytes[i])) {
                return true;
            }
        }
        return false;
    }

    private static boolean isUtf16(byte[] bytes) {
        return (bytes[0] == (byte) 0xfe && bytes[1] == (byte) 0xff)
                || (bytes[0] == (byte) 0xff && bytes[1] == (byte) 0xfe);
    }

    private static boolean startsLikeJson(byte[] bytes) {
        int i = 0;
        while (i < bytes.length && Character.isWhitespace(bytes[i])) {
            i++;
        }
        return i < bytes.length && (bytes[i] == '{' || bytes[i] == '[' || bytes[i] == '"');
    }
}
