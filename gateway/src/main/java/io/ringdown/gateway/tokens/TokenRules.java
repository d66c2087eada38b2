package io.ringdown.gateway.tokens;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jwt.JWTClaimsSet;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Whether a signed token (JWT, RFC 7519, in JWS compact form, RFC 7515 §7.1) is good: its form, its signature by one of our
 * keys, its times, whom it is from and for. Pure; follows RFC 8725. Nothing in a token says where a key is to be found or how
 * it is to be checked.
 */
final class TokenRules {
    private static final int LONGEST = 8 * 1024;
    private static final int LONGEST_HEADER = 1024;
    private static final int LONGEST_NAME = 200;
    private static final Pattern FORM = Pattern.compile("([A-Za-z0-9_-]+)\\.([A-Za-z0-9_-]+)\\.([A-Za-z0-9_-]*)");
    // RFC 9068 §2.1 for those that a common sign-in service makes.
    private static final Set<String> TYPES = Set.of("jwt", "at+jwt", "application/at+jwt");

    private final TokenSettings settings;

    TokenRules(TokenSettings settings) {
        this.settings = settings;
    }

    /** The verdict on this token now, by these keys. */
    Verdict judge(String token, List<TokenKey> keys, Instant now) {
        return judge(token, keys, now, false);
    }

    /** The same of one that may have run out. */
    Verdict judgeEvenExpired(String token, List<TokenKey> keys, Instant now) {
        return judge(token, keys, now, true);
    }

    private Verdict judge(String token, List<TokenKey> keys, Instant now, boolean evenExpired) {
        Matcher parts = FORM.matcher(token);
        if (token.length() > LONGEST || !parts.matches() || parts.group(1).length() > LONGEST_HEADER) {
            return Verdict.Bad.of(Refusal.FORM);
        }
        JWSHeader header;
        try {
            header = JWSHeader.parse(new Base64URL(parts.group(1)));
        } catch (ParseException | RuntimeException malformed) { // alg none is one
            return Verdict.Bad.of(Refusal.HEADER);
        }
        if (asksForMore(header)) {
            return Verdict.Bad.of(Refusal.HEADER);
        }
        Optional<String> kid = Optional.ofNullable(header.getKeyID());
        List<TokenKey> candidates = keys.stream()
                .filter(key -> key.fits(header.getAlgorithm(), kid))
                .toList();
        byte[] signed = token.substring(0, parts.end(2)).getBytes(StandardCharsets.US_ASCII);
        Base64URL signature = new Base64URL(parts.group(3));
        if (candidates.isEmpty()) {
            // As much work as for a key that we have: how long it took tells nobody which ones there are.
            keys.stream().findFirst().ifPresent(key -> {
                boolean _ = isSigned(key, new JWSHeader(key.algorithm().jws()), signed, signature);
            });
            return Verdict.Bad.of(Refusal.UNKNOWN_KEY);
        }
        List<TokenKey> signers = candidates.stream()
                .filter(key -> isSigned(key, header, signed, signature))
                .toList();
        if (signers.isEmpty()) {
            // Keys without an id fit any name; that they did not sign it says nothing of the one which is named.
            boolean isKnown =
                    kid.isEmpty() || keys.stream().anyMatch(key -> key.id().equals(kid));
            return Verdict.Bad.of(isKnown ? Refusal.SIGNATURE : Refusal.UNKNOWN_KEY);
        }
        return judgeClaims(new Base64URL(parts.group(2)).decodeToString(), signers, now, evenExpired);
    }

    /** Keys in the header, extensions, another type of token (RFC 8725 §3.1, §3.10, §3.11). */
    private static boolean asksForMore(JWSHeader header) {
        JOSEObjectType type = header.getType();
        return header.getCriticalParams() != null
                || header.getJWK() != null
                || header.getJWKURL() != null
                || header.getX509CertURL() != null
                || header.getX509CertChain() != null
                || !header.isBase64URLEncodePayload()
                || header.getContentType() != null
                || !(type == null || TYPES.contains(type.getType().toLowerCase(Locale.ROOT)));
    }

    private static boolean isSigned(TokenKey key, JWSHeader header, byte[] signed, Base64URL signature) {
        try {
            return key.verifier().verify(header, signed, signature);
        } catch (JOSEException | RuntimeException malformed) {
            return false;
        }
    }

    private Verdict judgeClaims(String payload, List<TokenKey> signers, Instant now, boolean evenExpired) {
        try {
            JWTClaimsSet claims = JWTClaimsSet.parse(payload);
            Optional<Refusal> wrong = timesAndNames(claims, signers, now, evenExpired);
            return wrong.isPresent() ? Verdict.Bad.of(wrong.get()) : good(claims);
        } catch (ParseException | IllegalArgumentException | ArithmeticException unreadable) {
            return new Verdict.Bad(Refusal.CLAIMS, String.valueOf(unreadable.getMessage()));
        }
    }

    private Optional<Refusal> timesAndNames(
            JWTClaimsSet claims, List<TokenKey> signers, Instant now, boolean evenExpired) {
        if (claims.getExpirationTime() == null) {
            throw new IllegalArgumentException("exp is missing");
        }
        Instant expires = expires(claims);
        if (!now.isBefore(expires) && !evenExpired) {
            return Optional.of(Refusal.EXPIRED);
        }
        Instant latest = now.plus(settings.clockSkew());
        if (isAfter(claims.getNotBeforeTime(), latest) || isAfter(claims.getIssueTime(), latest)) {
            return Optional.of(Refusal.TOO_EARLY);
        }
        Instant issued = Optional.ofNullable(claims.getIssueTime())
                .map(Date::toInstant)
                .filter(now::isAfter)
                .orElse(now);
        Duration life = Duration.between(issued, claims.getExpirationTime().toInstant());
        if (life.compareTo(settings.longestLife()) > 0) {
            return Optional.of(Refusal.TOO_LONG);
        }
        Optional<String> issuer = Optional.ofNullable(claims.getIssuer());
        boolean isOurs = signers.stream()
                .anyMatch(key -> key.issuer().isEmpty() || key.issuer().equals(issuer));
        if (!isOurs) {
            return Optional.of(Refusal.ISSUER);
        }
        boolean isForUs = settings.audience().isPresent()
                ? claims.getAudience().contains(settings.audience().get())
                : claims.getAudience().isEmpty(); // RFC 7519 §4.1.3
        return isForUs ? Optional.empty() : Optional.of(Refusal.AUDIENCE);
    }

    private Verdict good(JWTClaimsSet claims) {
        String subject = Optional.ofNullable(claims.getSubject())
                .filter(TokenRules::isName)
                .orElseThrow(() -> new IllegalArgumentException("sub is missing, or no name"));
        Optional<String> issuer = name("iss", claims.getIssuer());
        Optional<String> name = name("jti", claims.getJWTID())
                .map(jti -> issuer.map(from -> jti + "@" + from).orElse(jti));
        GrantClaims ours = GrantClaims.of(
                claims.getClaims().containsKey(GrantClaims.CLAIM)
                        ? Optional.of(Optional.ofNullable(claims.getClaim(GrantClaims.CLAIM))
                                .orElseThrow(() -> new IllegalArgumentException("ringdown is null")))
                        : Optional.empty());
        return new Verdict.Good(subject, ours.user(), ours.grant(name, expires(claims)), ours.origins());
    }

    private static Optional<String> name(String claim, @Nullable String value) {
        if (value != null && !isName(value)) {
            throw new IllegalArgumentException(claim + " is no name of at most " + LONGEST_NAME + " characters");
        }
        return Optional.ofNullable(value);
    }

    private Instant expires(JWTClaimsSet claims) {
        return claims.getExpirationTime().toInstant().plus(settings.clockSkew());
    }

    private static boolean isAfter(@Nullable Date time, Instant latest) {
        return time != null && time.toInstant().isAfter(latest);
    }

    /** Printable, so that it can stand in the log. */
    private static boolean isName(String text) {
        return !text.isBlank()
                && text.length() <= LONGEST_NAME
                && text.codePoints()
                        .noneMatch(character -> Character.isISOControl(character)
                                || Character.getType(character) == Character.SURROGATE
                                || Character.getType(character) == Character.LINE_SEPARATOR
                                || Character.getType(character) == Character.PARAGRAPH_SEPARATOR);
    }
}
