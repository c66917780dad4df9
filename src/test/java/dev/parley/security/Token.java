package dev.parley.security;

import java.security.Key;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import org.jose4j.jwa.AlgorithmConstraints;
import org.jose4j.jwk.RsaJsonWebKey;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.MalformedClaimException;
import org.jose4j.jwt.NumericDate;
import org.jose4j.jwt.consumer.InvalidJwtException;
import org.jose4j.keys.HmacKey;
import org.jose4j.lang.JoseException;
import org.jspecify.annotations.Nullable;

/**
 * A token before it is signed. Each method returns a token that differs from this one in one
 * respect.
 *
 * @param claims the claims, as JSON
 * @param key the key that signs the token; null for a token that is not signed
 */
public record Token(String claims, String keyId, @Nullable Key key, String algorithm) {

    private static final float VALID_MINUTES = 10;

    static Token of(String issuer, String subject, RsaJsonWebKey key, String algorithm) {
        JwtClaims claims = new JwtClaims();
        claims.setIssuer(issuer);
        claims.setSubject(subject);
        claims.setAudience("parley");
        claims.setIssuedAtToNow();
        claims.setExpirationTimeMinutesInTheFuture(VALID_MINUTES);
        return new Token(claims.toJson(), key.getKeyId(), key.getPrivateKey(), algorithm);
    }

    /** Returns the same token for a person who may read sessions. */
    public Token withRoleOfReaders() {
        return with(claims -> claims.setStringListClaim("roles", List.of(Callers.READER)));
    }

    /** Returns the same token with other claims. */
    public Token with(Consumer<JwtClaims> change) {
        try {
            JwtClaims changed = JwtClaims.parse(claims);
            change.accept(changed);
            return new Token(changed.toJson(), keyId, key, algorithm);
        } catch (InvalidJwtException e) {
            throw new IllegalStateException(e);
        }
    }

    Token expiringIn(Duration time) {
        return with(
                claims -> {
                    NumericDate expiry = NumericDate.now();
                    expiry.addSeconds(time.toSeconds());
                    claims.setExpirationTime(expiry);
                });
    }

    Token from(String issuer) {
        return with(claims -> claims.setIssuer(issuer));
    }

    public Token forAudience(String audience) {
        return with(claims -> claims.setAudience(audience));
    }

    /** Returns the same token, signed with another key that has the same id. */
    Token signedWith(RsaJsonWebKey other) {
        return new Token(claims, keyId, other.getPrivateKey(), algorithm);
    }

    /** Returns the same token with another id of its key. */
    Token withKeyId(String other) {
        return new Token(claims, other, key, algorithm);
    }

    Token unsigned() {
        return new Token(claims, keyId, null, AlgorithmIdentifiers.NONE);
    }

    /** Returns the same token, signed with the public key as if it were a shared secret. */
    Token signedWithPublicKeyOf(RsaJsonWebKey key) {
        Key secret = new HmacKey(key.getPublicKey().getEncoded());
        return new Token(claims, keyId, secret, AlgorithmIdentifiers.HMAC_SHA256);
    }

    /** Signs the token and returns it as it is sent. */
    public String text() {
        JsonWebSignature signature = new JsonWebSignature();
        signature.setAlgorithmConstraints(AlgorithmConstraints.NO_CONSTRAINTS);
        signature.setPayload(claims);
        signature.setKeyIdHeaderValue(keyId);
        signature.setHeader("typ", "JWT");
        signature.setAlgorithmHeaderValue(algorithm);
        signature.setKey(key);
        try {
            return signature.getCompactSerialization();
        } catch (JoseException e) {
            throw new IllegalStateException(e);
        }
    }

    Instant expiry() {
        try {
            return Instant.ofEpochSecond(JwtClaims.parse(claims).getExpirationTime().getValue());
        } catch (InvalidJwtException | MalformedClaimException e) {
            throw new IllegalStateException(e);
        }
    }
}
