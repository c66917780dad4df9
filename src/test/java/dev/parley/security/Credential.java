package dev.parley.security;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jose4j.jwt.NumericDate;

/** The credential that a client sends: none, an invalid one, or a valid token. */
enum Credential {
    NONE,
    BASIC,
    EMPTY,
    MALFORMED,
    OPAQUE,
    WITHOUT_SIGNATURE,
    EDITED,
    EXPIRED,
    EXPIRED_JUST_NOW,
    WITHOUT_EXPIRY,
    NOT_YET_VALID,
    OTHER_ISSUER,
    WITHOUT_ISSUER,
    OTHER_AUDIENCE,
    WITHOUT_AUDIENCE,
    WITHOUT_SUBJECT,
    EMPTY_SUBJECT,
    /** A token whose subject is half of a surrogate pair, which is encoded as a question mark. */
    HALF_SURROGATE_PAIR,
    OTHER_KEY,
    UNKNOWN_KEY,
    UNSIGNED,
    SIGNED_WITH_PUBLIC_KEY,
    OWNER,
    OTHER_USER,
    /** A token of the owner with the scope of a reader, which any client can request. */
    SCOPED,
    READER,
    READER_BY_GROUP,
    READER_OF_REALM;

    private static final Duration HOUR = Duration.ofHours(1);

    /** Returns the value of the header {@code Authorization}; empty for no header. */
    Optional<String> header(TokenIssuer issuer, String owner) {
        Token valid = issuer.tokenOf(owner).withRoleOfReaders();
        return switch (this) {
            case NONE -> Optional.empty();
            case BASIC ->
                    Optional.of(
                            "Basic " + Base64.getEncoder().encodeToString("a:b".getBytes(UTF_8)));
            case EMPTY -> Optional.of("Bearer ");
            case MALFORMED -> Optional.of("Bearer ~~~.~~~.~~~");
            case OPAQUE -> Optional.of("Bearer 2YotnFZFEjr1zCsicMWpAA");
            case WITHOUT_SIGNATURE ->
                    bearer(valid.text().substring(0, valid.text().lastIndexOf('.')));
            case EDITED -> bearer(editedToken(issuer, owner));
            case EXPIRED -> bearer(valid.expiringIn(HOUR.negated()));
            case EXPIRED_JUST_NOW -> bearer(valid.expiringIn(Duration.ofSeconds(-1)));
            case WITHOUT_EXPIRY -> bearer(valid.with(claims -> claims.unsetClaim("exp")));
            case NOT_YET_VALID -> bearer(valid.with(claims -> claims.setNotBefore(inAnHour())));
            case OTHER_ISSUER -> bearer(valid.from("https://issuer.example"));
            case WITHOUT_ISSUER -> bearer(valid.with(claims -> claims.unsetClaim("iss")));
            case OTHER_AUDIENCE -> bearer(valid.forAudience("payroll"));
            case WITHOUT_AUDIENCE -> bearer(valid.with(claims -> claims.unsetClaim("aud")));
            case WITHOUT_SUBJECT -> bearer(valid.with(claims -> claims.unsetClaim("sub")));
            case EMPTY_SUBJECT -> bearer(issuer.tokenOf(""));
            case HALF_SURROGATE_PAIR -> bearer(withHalfSurrogatePair(valid));
            case OTHER_KEY -> bearer(valid.signedWith(TokenIssuer.newKey("issuer")));
            case UNKNOWN_KEY ->
                    bearer(valid.signedWith(TokenIssuer.newKey("x")).withKeyId("unknown"));
            case UNSIGNED -> bearer(valid.unsigned());
            case SIGNED_WITH_PUBLIC_KEY -> bearer(valid.signedWithPublicKeyOf(issuer.key()));
            case OWNER -> bearer(issuer.tokenOf(owner));
            case OTHER_USER -> bearer(issuer.tokenOf(owner + "'s neighbour"));
            case SCOPED -> bearer(withClaim(issuer, owner, "scope", Callers.READER));
            case READER_BY_GROUP ->
                    bearer(withClaim(issuer, "analyst", "groups", List.of("g", Callers.READER)));
            case READER_OF_REALM ->
                    bearer(
                            withClaim(
                                    issuer,
                                    "analyst",
                                    "realm_access",
                                    Map.of("roles", List.of(Callers.READER))));
            case READER -> bearer(issuer.tokenOf("analyst").withRoleOfReaders());
        };
    }

    private static Token withClaim(TokenIssuer issuer, String subject, String claim, Object value) {
        return issuer.tokenOf(subject).with(claims -> claims.setClaim(claim, value));
    }

    private static Optional<String> bearer(Token token) {
        return bearer(token.text());
    }

    private static Optional<String> bearer(String token) {
        return Optional.of("Bearer " + token);
    }

    /**
     * Returns the token with half of a surrogate pair as its subject. Only an escape in JSON can
     * express it, because Java encodes it as a question mark.
     */
    private static Token withHalfSurrogatePair(Token valid) {
        Token marked = valid.with(claims -> claims.setSubject("half"));
        return new Token(
                marked.claims().replace("\"half\"", "\"\\ud83d\""),
                marked.keyId(),
                marked.key(),
                marked.algorithm());
    }

    /**
     * Returns a token with the claims of a reader and the signature of another token, that of a
     * user.
     */
    private static String editedToken(TokenIssuer issuer, String owner) {
        String user = issuer.tokenOf(owner).text();
        String reader = issuer.tokenOf(owner).withRoleOfReaders().text();
        return reader.substring(0, reader.lastIndexOf('.')) + user.substring(user.lastIndexOf('.'));
    }

    private static NumericDate inAnHour() {
        NumericDate date = NumericDate.now();
        date.addSeconds(HOUR.toSeconds());
        return date;
    }
}
