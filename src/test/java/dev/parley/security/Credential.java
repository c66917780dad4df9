package dev.parley.security;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jose4j.jwt.NumericDate;

/** What a client shows at the door. The token of {@code USER} is good, and tells whose it is. */
enum Credential {
    NONE,
    NO_BEARER,
    EMPTY,
    GARBAGE,
    OPAQUE,
    CUT_OFF,
    EDITED,
    EXPIRED,
    EXPIRED_JUST_NOW,
    WITHOUT_EXPIRY,
    NOT_YET_GOOD,
    WRONG_ISSUER,
    WITHOUT_ISSUER,
    WRONG_AUDIENCE,
    WITHOUT_AUDIENCE,
    WITHOUT_SUBJECT,
    EMPTY_SUBJECT,
    /** Which is written as a question mark. */
    HALF_A_CHARACTER,
    OTHER_KEY,
    UNKNOWN_KEY,
    UNSIGNED,
    SIGNED_WITH_PUBLIC_KEY,
    OWNER,
    OTHER_USER,
    /** The client asked for that scope by itself. */
    SCOPED,
    READER,
    READER_BY_GROUP,
    READER_OF_REALM;

    private static final Duration HOUR = Duration.ofHours(1);

    /** The header {@code Authorization}; empty for none. */
    Optional<String> header(TokenIssuer issuer, String owner) {
        Token good = issuer.tokenOf(owner).withRole(Callers.READER);
        return switch (this) {
            case NONE -> Optional.empty();
            case NO_BEARER ->
                    Optional.of(
                            "Basic " + Base64.getEncoder().encodeToString("a:b".getBytes(UTF_8)));
            case EMPTY -> Optional.of("Bearer ");
            case GARBAGE -> Optional.of("Bearer ~~~.~~~.~~~");
            case OPAQUE -> Optional.of("Bearer 2YotnFZFEjr1zCsicMWpAA");
            case CUT_OFF -> bearer(good.text().substring(0, good.text().lastIndexOf('.')));
            case EDITED -> bearer(edited(issuer, owner));
            case EXPIRED -> bearer(good.expiringIn(HOUR.negated()));
            case EXPIRED_JUST_NOW -> bearer(good.expiringIn(Duration.ofSeconds(-1)));
            case WITHOUT_EXPIRY -> bearer(good.with(claims -> claims.unsetClaim("exp")));
            case NOT_YET_GOOD -> bearer(good.with(claims -> claims.setNotBefore(inAnHour())));
            case WRONG_ISSUER -> bearer(good.from("https://issuer.example"));
            case WITHOUT_ISSUER -> bearer(good.with(claims -> claims.unsetClaim("iss")));
            case WRONG_AUDIENCE -> bearer(good.forAudience("payroll"));
            case WITHOUT_AUDIENCE -> bearer(good.with(claims -> claims.unsetClaim("aud")));
            case WITHOUT_SUBJECT -> bearer(good.with(claims -> claims.unsetClaim("sub")));
            case EMPTY_SUBJECT -> bearer(issuer.tokenOf(""));
            case HALF_A_CHARACTER -> bearer(halfACharacter(good));
            case OTHER_KEY -> bearer(good.signedWith(TokenIssuer.newKey("issuer")));
            case UNKNOWN_KEY -> bearer(good.signedWith(TokenIssuer.newKey("x")).named("unknown"));
            case UNSIGNED -> bearer(good.unsigned());
            case SIGNED_WITH_PUBLIC_KEY -> bearer(good.signedWithPublicKeyOf(issuer.key()));
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
            case READER -> bearer(issuer.tokenOf("analyst").withRole(Callers.READER));
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

    /** In JSON, and only there, it can be told from what it is written as. */
    private static Token halfACharacter(Token good) {
        Token marked = good.with(claims -> claims.setSubject("half"));
        return new Token(
                marked.claims().replace("\"half\"", "\"\\ud83d\""),
                marked.keyId(),
                marked.key(),
                marked.algorithm());
    }

    /** The claims of a reader with the signature of a user. */
    private static String edited(TokenIssuer issuer, String owner) {
        String user = issuer.tokenOf(owner).text();
        String reader = issuer.tokenOf(owner).withRole(Callers.READER).text();
        return reader.substring(0, reader.lastIndexOf('.')) + user.substring(user.lastIndexOf('.'));
    }

    private static NumericDate inAnHour() {
        NumericDate date = NumericDate.now();
        date.addSeconds(HOUR.toSeconds());
        return date;
    }
}
