package dev.parley.dynamodb.layout;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DeflateTest {

    @Test
    void whatPacksBetterThanExpected_isUnpackedWhole() {
        byte[] plain = "la".repeat(100_000).getBytes(UTF_8);

        byte[] packed = Deflate.deflate(plain);

        assertThat(packed).hasSizeLessThan(plain.length / 100);
        assertThat(Deflate.inflate(packed)).isEqualTo(plain);
    }

    @Test
    void whatDoesNotPack_isUnpackedWhole() {
        byte[] plain = new byte[300_000];
        new Random(7).nextBytes(plain);

        byte[] packed = Deflate.deflate(plain);

        assertThat(packed).hasSizeGreaterThan(plain.length);
        assertThat(Deflate.inflate(packed)).isEqualTo(plain);
    }

    @Test
    void nothing_isUnpackedAsNothing() {
        assertThat(Deflate.inflate(Deflate.deflate(new byte[0]))).isEmpty();
    }

    @Test
    void whatIsCutOff_isRefused() {
        byte[] packed = Deflate.deflate("Where is my order?".repeat(50).getBytes(UTF_8));
        byte[] cutOff = Arrays.copyOf(packed, packed.length / 2);

        assertThatIllegalArgumentException().isThrownBy(() -> Deflate.inflate(cutOff));
    }
}
