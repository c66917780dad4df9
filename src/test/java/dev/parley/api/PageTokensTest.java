package dev.parley.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests that a page token is valid only for the list that issued it. */
class PageTokensTest {

    private static final String KEY = "thirty-two characters, no more..";
    private static final String QUERY = "turns s-42";
    private static final String CURSOR = "2 2026-11-22T10:15:13.410Z t-2";

    private final PageTokens tokens = tokens(KEY);

    private static PageTokens tokens(String key) {
        return new PageTokens(ApiSettings.with("token-key", key));
    }

    @ParameterizedTest
    @ValueSource(strings = {CURSOR, "x", "ü🙌 \u0000\n"})
    void token_forTheQueryOfItsIssue_containsItsCursor(String cursor) {
        String token = tokens.issue(QUERY, cursor);

        assertThat(tokens.cursor(QUERY, token)).hasValue(cursor);
        assertThat(tokens(KEY).cursor(QUERY, token)).hasValue(cursor);
        assertThat(token).matches("[A-Za-z0-9_-]+");
    }

    @Test
    void token_withAnyChangedBit_isInvalid() {
        byte[] token = Base64.getUrlDecoder().decode(tokens.issue(QUERY, CURSOR));
        List<String> validTokens = new ArrayList<>();

        for (int bit = 0; bit < token.length * Byte.SIZE; bit++) {
            byte[] edited = token.clone();
            edited[bit / Byte.SIZE] ^= (byte) (1 << bit % Byte.SIZE);
            tokens.cursor(QUERY, encoded(edited)).ifPresent(validTokens::add);
        }

        assertThat(validTokens).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"turns s-43", "turns s-42\norder desc", "turns s-4", "events s-42", ""})
    void token_forAnotherQuery_isInvalid(String other) {
        String token = tokens.issue(QUERY, CURSOR);

        assertThat(tokens.cursor(other, token)).isEmpty();
    }

    /** The signed text is the same, but a part of the cursor became a part of the query. */
    @Test
    void token_forAQueryWithAPartOfItsCursor_isInvalid() {
        byte[] token = Base64.getUrlDecoder().decode(tokens.issue("turns s-", "42 x"));
        byte[] moved = new byte[token.length - 2];
        System.arraycopy(token, 0, moved, 0, 16);
        System.arraycopy(token, 18, moved, 16, moved.length - 16);

        assertThat(tokens.cursor("turns s-42", encoded(moved))).isEmpty();
    }

    @Test
    void token_ofAnotherKey_isInvalid() {
        String token = tokens("another key, of thirty-two characters").issue(QUERY, CURSOR);

        assertThat(tokens.cursor(QUERY, token)).isEmpty();
    }

    @Test
    void token_withoutAConfiguredKey_isValidOnOneInstanceOnly() {
        PageTokens one = new PageTokens(ApiSettings.defaults());
        PageTokens other = new PageTokens(ApiSettings.defaults());

        String token = one.issue(QUERY, CURSOR);

        assertThat(one.cursor(QUERY, token)).hasValue(CURSOR);
        assertThat(other.cursor(QUERY, token)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"3054, true", "3055, true", "3056, true", "3057, false", "60000, false"})
    void token_ofALength_isValidUpToTheMaximum(int cursorLength, boolean accepted) {
        String cursor = "x".repeat(cursorLength);

        String token = tokens.issue(QUERY, cursor);

        assertThat(tokens.cursor(QUERY, token).isPresent()).isEqualTo(accepted);
        assertThat(token.length() <= PageTokens.MAX_LENGTH).isEqualTo(accepted);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "x", "null", "!", "AAAAAAAAAAAAAAAAAAAAAA", "ü", "===="})
    void token_thatWasNotIssued_isInvalid(String token) {
        assertThat(tokens.cursor(QUERY, token)).isEmpty();
    }

    @Test
    void key_thatIsTooShort_isRefused() {
        assertThatThrownBy(() -> tokens(KEY.substring(1)))
                .hasMessage("parley.api.token-key must have 32 characters or more");
    }

    private static String encoded(byte[] token) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(token);
    }
}
