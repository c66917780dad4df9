package dev.parley.dynamodb.layout;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Tests that compressed data decompresses to the same bytes and that truncated data is rejected.
 */
class DeflateTest {

    @Test
    void data_thatCompressesBetterThanExpected_isDecompressedCompletely() {
        byte[] plain = "la".repeat(100_000).getBytes(UTF_8);

        byte[] compressed = Deflate.deflate(plain);

        assertThat(compressed).hasSizeLessThan(plain.length / 100);
        assertThat(Deflate.inflate(compressed)).isEqualTo(plain);
    }

    @Test
    void data_thatDoesNotCompress_isDecompressedCompletely() {
        byte[] plain = new byte[300_000];
        new Random(7).nextBytes(plain);

        byte[] compressed = Deflate.deflate(plain);

        assertThat(compressed).hasSizeGreaterThan(plain.length);
        assertThat(Deflate.inflate(compressed)).isEqualTo(plain);
    }

    @Test
    void emptyData_compressedAndDecompressed_isEmpty() {
        assertThat(Deflate.inflate(Deflate.deflate(new byte[0]))).isEmpty();
    }

    @Test
    void truncatedData_isRejected() {
        byte[] compressed = Deflate.deflate("Where is my order?".repeat(50).getBytes(UTF_8));
        byte[] truncated = Arrays.copyOf(compressed, compressed.length / 2);

        assertThatIllegalArgumentException().isThrownBy(() -> Deflate.inflate(truncated));
    }
}
