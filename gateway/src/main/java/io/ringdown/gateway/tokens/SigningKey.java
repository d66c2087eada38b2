package io.ringdown.gateway.tokens;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.EdECPrivateKey;
import java.util.Optional;

/**
 * A key that signs tokens. Immutable.
 *
 * @param id what its tokens call it
 * @param algorithm how it signs
 * @param signer signs
 */
record SigningKey(Optional<String> id, TokenAlgorithm algorithm, JWSSigner signer) {
    /** Beside {@code NAME.pub}, which the gateway has, is {@code NAME}. */
    static final String PUBLIC = ".pub";

    /** A private key in PEM (PKCS #8), or else a secret. */
    static SigningKey read(Path file) throws UnfitKeyException {
        String text;
        try {
            text = Files.readString(file);
        } catch (IOException missing) {
            throw new UnfitKeyException(
                    file + ": cannot be read; make a key with ringdown token --new-key FILE", missing);
        }
        try {
            Optional<PrivateKey> key = KeyText.privateKey(text);
            return key.isPresent() ? of(Optional.empty(), key.get()) : secret(Optional.empty(), text);
        } catch (UnfitKeyException unfit) {
            throw new UnfitKeyException(file + ": " + unfit.getMessage(), unfit);
        }
    }

    /** The first key of a configuration that can sign: a secret, or one whose private half lies beside its public one. */
    static SigningKey of(TokenSettings settings) throws UnfitKeyException {
        for (TokenKeySettings key : settings.keys()) {
            if (key.secret().isPresent()) {
                return secret(key.id(), key.secret().get().reveal());
            }
            Path file = key.file().orElseThrow();
            Optional<Path> own = key.algorithm() == TokenAlgorithm.HS256 ? Optional.of(file) : privateOf(file);
            if (own.isPresent()) {
                SigningKey read = read(own.get());
                return new SigningKey(key.id(), read.algorithm(), read.signer());
            }
        }
        throw new UnfitKeyException("no key of tokens.keys can sign here: none is a secret, and beside none lies its"
                + " private half (NAME beside NAME" + PUBLIC + "); give --key FILE");
    }

    private static Optional<Path> privateOf(Path file) {
        String name = file.toString();
        return name.endsWith(PUBLIC)
                ? Optional.of(Path.of(name.substring(0, name.length() - PUBLIC.length())))
                        .filter(Files::isReadable)
                : Optional.empty();
    }

    private static SigningKey secret(Optional<String> id, String text) throws UnfitKeyException {
        try {
            return new SigningKey(id, TokenAlgorithm.HS256, new MACSigner(KeyText.secret(text)));
        } catch (JOSEException tooShort) {
            throw new UnfitKeyException(
                    "is no private key, and as a secret shorter than 32 bytes; make a key with"
                            + " ringdown token --new-key FILE",
                    tooShort);
        }
    }

    private static SigningKey of(Optional<String> id, PrivateKey key) throws UnfitKeyException {
        try {
            return switch (key) {
                case EdECPrivateKey _ -> new SigningKey(id, TokenAlgorithm.EDDSA, new Ed25519.Signer(key));
                case ECPrivateKey _ -> new SigningKey(id, TokenAlgorithm.ES256, new ECDSASigner(key, Curve.P_256));
                default -> new SigningKey(id, TokenAlgorithm.RS256, new RSASSASigner(key));
            };
        } catch (JOSEException unfit) {
            throw new UnfitKeyException("cannot sign", unfit);
        }
    }
}
