package dev.parley.dynamodb.layout;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.session.Prose;
import dev.parley.session.SessionEvent.TurnRecorded;
import dev.parley.session.SessionStoreException;
import dev.parley.session.Turn;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DeflateTest {

    static Stream<@Nullable Dictionary> dictionaries() {
        return Stream.of(null, Dictionary.LATEST);
    }

    @ParameterizedTest
    @MethodSource("dictionaries")
    void data_thatCompressesVeryWell_isDecompressedCompletely(@Nullable Dictionary dictionary) {
        byte[] plain = new byte[300_000];

        byte[] compressed = Deflate.deflate(plain, dictionary);

        assertThat(compressed).hasSizeLessThan(plain.length / 100);
        assertThat(Deflate.inflate(compressed)).isEqualTo(plain);
    }

    @ParameterizedTest
    @MethodSource("dictionaries")
    void data_thatDoesNotCompress_isDecompressedCompletely(@Nullable Dictionary dictionary) {
        byte[] plain = new byte[300_000];
        new Random(7).nextBytes(plain);

        byte[] compressed = Deflate.deflate(plain, dictionary);

        assertThat(compressed).hasSizeGreaterThan(plain.length);
        assertThat(Deflate.inflate(compressed)).isEqualTo(plain);
    }

    @ParameterizedTest
    @MethodSource("dictionaries")
    void emptyData_compressedAndDecompressed_isEmpty(@Nullable Dictionary dictionary) {
        assertThat(Deflate.inflate(Deflate.deflate(new byte[0], dictionary))).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("dictionaries")
    void truncatedData_isRejected(@Nullable Dictionary dictionary) {
        byte[] plain = "Where is my order?".repeat(50).getBytes(UTF_8);
        byte[] compressed = Deflate.deflate(plain, dictionary);
        byte[] truncated = Arrays.copyOf(compressed, compressed.length / 2);

        assertThatIllegalArgumentException().isThrownBy(() -> Deflate.inflate(truncated));
    }

    /** Blocks of both kinds are told apart by their first byte. */
    @Test
    void dataOfAnyKind_withoutDictionary_neverBeginsLikeDataWithOne() {
        Random random = new Random(11);
        for (int i = 0; i < 2_000; i++) {
            byte[] plain = new byte[random.nextInt(200)];
            random.nextBytes(plain);
            for (int at = 0; at < plain.length; at++) {
                plain[at] = (byte) (plain[at] & (i % 256));
            }

            assertThat(Dictionary.isNeeded(Deflate.deflate(plain, null))).isFalse();
            assertThat(Dictionary.isNeeded(Deflate.deflate(plain, Dictionary.LATEST))).isTrue();
        }
    }

    @Test
    void turns_withTheDictionary_takeFewerBytes() {
        Prose prose = new Prose(5);
        List<Turn> turns =
                IntStream.range(0, 3)
                        .mapToObj(i -> ((TurnRecorded) prose.turn("s-1", i)).turn())
                        .toList();

        int with = TurnBlock.of(turns, TurnBlock.Encoding.DEFLATED).bytes();
        int without = TurnBlock.of(turns, TurnBlock.Encoding.DEFLATED_WITHOUT_DICTIONARY).bytes();

        assertThat(with).isLessThan(without * 9 / 10);
    }

    @Test
    void dataOfALaterDictionary_namesIt() {
        byte[] later = Deflate.deflate("hi".getBytes(UTF_8), Dictionary.LATEST);
        later[0] = (byte) (later[0] + (1 << 3));

        assertThatThrownBy(() -> Deflate.inflate(later))
                .isInstanceOf(SessionStoreException.Unavailable.class)
                .hasMessageContaining("dictionary 2")
                .hasMessageContaining("later version of Parley");
    }
}
