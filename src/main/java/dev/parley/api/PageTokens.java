package dev.parley.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.parley.api.problem.Problems;
import dev.parley.session.ResultPage;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The page tokens of clients, which contain cursors of the store. A token is opaque and signed
 * together with the query that it continues, so that it is valid only for the list that issued it.
 */
@ApplicationScoped
class PageTokens {

    private static final Logger LOG = Logger.getLogger(PageTokens.class);

    /**
     * The longest token in characters. It is much longer than any that is issued, which contains
     * the ids of a session and of a turn, and a time.
     */
    static final int MAX_LENGTH = 4_096;

    private static final String ALGORITHM = "HmacSHA256";
    private static final int SIGNATURE_BYTES = 16;
    private static final int RANDOM_KEY_BYTES = 32;
    private static final int MIN_KEY_LENGTH = 32;

    private final SecretKeySpec key;

    PageTokens(ApiConfig config) {
        key =
                new SecretKeySpec(
                        config.tokenKey()
                                .map(PageTokens::configuredKey)
                                .orElseGet(PageTokens::randomKey),
                        ALGORITHM);
    }

    private static byte[] configuredKey(String key) {
        if (key.length() < MIN_KEY_LENGTH) {
            throw new IllegalArgumentException(
                    "parley.api.token-key must have %d characters or more"
                            .formatted(MIN_KEY_LENGTH));
        }
        return key.getBytes(UTF_8);
    }

    private static byte[] randomKey() {
        LOG.info(
                "Page tokens are valid on this instance only, and only until it ends. To make"
                        + " them valid on all instances, set parley.api.token-key to the same text"
                        + " on all of them");
        byte[] key = new byte[RANDOM_KEY_BYTES];
        new SecureRandom().nextBytes(key);
        return key;
    }

    /**
     * Issues the token of a cursor.
     *
     * @param query the query that the cursor is valid for
     */
    String issue(String query, String cursor) {
        byte[] text = cursor.getBytes(UTF_8);
        byte[] token =
                ByteBuffer.allocate(SIGNATURE_BYTES + text.length)
                        .put(signature(query, cursor))
                        .put(text)
                        .array();
        return Base64.getUrlEncoder().withoutPadding().encodeToString(token);
    }

    /** Returns the cursor; empty if the token was not issued for that query. */
    Optional<String> cursor(String query, String token) {
        return bytes(token)
                .filter(
                        bytes ->
                                MessageDigest.isEqual(
                                        Arrays.copyOf(bytes, SIGNATURE_BYTES),
                                        signature(query, text(bytes))))
                .map(PageTokens::text);
    }

    /**
     * Returns the cursor in the parameter {@code pageToken}, if there is one. A token of another
     * list is a problem with the status 400.
     */
    Optional<String> pageCursor(String query, QueryParameters given) {
        return given.text("pageToken")
                .map(token -> cursor(query, token).orElseThrow(Problems::foreignToken));
    }

    /** Returns the token of the part after this one; null if this is the last one. */
    @Nullable String nextPageToken(String query, ResultPage<?> page) {
        return page.next().map(cursor -> issue(query, cursor)).orElse(null);
    }

    private static Optional<byte[]> bytes(String token) {
        if (token.length() > MAX_LENGTH) {
            return Optional.empty();
        }
        try {
            return Optional.of(Base64.getUrlDecoder().decode(token))
                    .filter(bytes -> bytes.length > SIGNATURE_BYTES);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static String text(byte[] token) {
        return new String(token, SIGNATURE_BYTES, token.length - SIGNATURE_BYTES, UTF_8);
    }

    /**
     * Signs the query and the cursor. The length of the query is signed too, so that no text can
     * move from one to the other.
     */
    private byte[] signature(String query, String cursor) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            byte[] signed = query.getBytes(UTF_8);
            mac.update(ByteBuffer.allocate(Integer.BYTES).putInt(signed.length).array());
            mac.update(signed);
            return Arrays.copyOf(mac.doFinal(cursor.getBytes(UTF_8)), SIGNATURE_BYTES);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
