package dev.parley.session;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests which texts can be the id of a session. */
class SessionIdTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "s-42",
                "a/b c?d#e",
                "日本語",
                "#p",
                "s#p7x",
                "s#p-7",
                "#profiles",
                "profile",
                "7",
                " "
            })
    void problemWith_freeText_isEmpty(String id) {
        assertThat(SessionId.problemWith(id)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "#p0",
                "s-42#p7",
                "two\nlines#p12",
                "#profile",
                "s\n#profile",
                "#part0",
                "s-42#part12"
            })
    void problemWith_anEmptyIdOrTheKeyOfAnotherItem_isReported(String id) {
        assertThat(SessionId.problemWith(id)).isPresent();
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "ü", "語", "🙌"})
    void problemWith_aTooLongId_isReported(String character) {
        String longest = character.repeat(SessionId.MAX_BYTES / character.getBytes(UTF_8).length);

        assertThat(SessionId.problemWith(longest)).isEmpty();
        assertThat(SessionId.problemWith(longest + character)).isPresent();
    }
}
