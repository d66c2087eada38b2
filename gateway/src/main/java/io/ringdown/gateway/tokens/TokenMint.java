package io.ringdown.gateway.tokens;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Makes tokens, for back ends to try with and for tests: {@code ringdown token}. Immutable. */
public final class TokenMint {
    private final SigningKey key;
    private final Optional<String> issuer;
    private final Optional<String> audience;

    private TokenMint(SigningKey key, Optional<String> issuer, Optional<String> audience) {
        this.key = key;
        this.issuer = issuer;
        this.audience = audience;
    }

    /** By this private key in PEM, or secret. */
    public static TokenMint by(Path file) throws UnfitKeyException {
        return new TokenMint(SigningKey.read(file), Optional.empty(), Optional.empty());
    }

    /** For the gateway of this configuration: its issuer, its audience, and by a key of it unless another is given. */
    public static TokenMint of(TokenSettings settings, Optional<Path> file) throws UnfitKeyException {
        SigningKey key = file.isPresent() ? SigningKey.read(file.get()) : SigningKey.of(settings);
        return new TokenMint(key, settings.issuer(), settings.audience());
    }

    /** As this, for another audience. */
    public TokenMint withAudience(String other) {
        return new TokenMint(key, issuer, Optional.of(other));
    }

    /** As this, by another issuer. */
    public TokenMint withIssuer(String other) {
        return new TokenMint(key, Optional.of(other), audience);
    }

    /**
     * A token.
     *
     * @param subject whom it names
     * @param valid for how long it is good from now
     * @param ours the claim {@code ringdown}: docs/tokens.md
     * @throws IllegalArgumentException if no gateway would take it
     */
    public String mint(String subject, Duration valid, Map<String, Object> ours, Instant now) {
        String jti = UUID.randomUUID().toString();
        Grant _ = GrantClaims.of(Optional.of(ours)).grant(Optional.of(jti), now.plus(valid));
        JWTClaimsSet.Builder claims = new JWTClaimsSet.Builder()
                .subject(subject)
                .issueTime(Date.from(now))
                .expirationTime(Date.from(now.plus(valid)))
                .jwtID(jti);
        issuer.ifPresent(claims::issuer);
        audience.ifPresent(claims::audience);
        if (!ours.isEmpty()) {
            claims.claim(GrantClaims.CLAIM, ours);
        }
        JWSHeader.Builder header = new JWSHeader.Builder(key.algorithm().jws()).type(JOSEObjectType.JWT);
        key.id().ifPresent(header::keyID);
        SignedJWT token = new SignedJWT(header.build(), claims.build());
        try {
            token.sign(key.signer());
        } catch (JOSEException unfit) {
            throw new IllegalArgumentException("the key cannot sign: " + unfit.getMessage(), unfit);
        }
        return token.serialize();
    }
}
