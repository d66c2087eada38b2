package io.ringdown.gateway.tokens;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.MACVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import java.security.Key;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.Optional;
import javax.crypto.SecretKey;

/**
 * A key that a token may be signed with. Immutable.
 *
 * @param id what a token may call it
 * @param algorithm the only one that it is good for
 * @param verifier checks its signatures
 * @param issuer whose tokens it is good for; empty for anybody's
 */
record TokenKey(Optional<String> id, TokenAlgorithm algorithm, JWSVerifier verifier, Optional<String> issuer) {
    // RFC 7518 §3.3.
    private static final int LEAST_RSA_BITS = 2048;

    static TokenKey of(Optional<String> id, TokenAlgorithm algorithm, Key key, Optional<String> issuer)
            throws UnfitKeyException {
        try {
            JWSVerifier verifier = switch (algorithm) {
                case EDDSA -> new Ed25519.Verifier(ed25519(key));
                case ES256 -> p256(as(ECPublicKey.class, key, "an EC key on P-256"));
                case RS256 -> new RSASSAVerifier(longEnough(as(RSAPublicKey.class, key, "an RSA key")));
                case HS256 -> new MACVerifier(longEnough(as(SecretKey.class, key, "a secret")));
            };
            return new TokenKey(id, algorithm, verifier, issuer);
        } catch (JOSEException unfit) {
            throw new UnfitKeyException(
                    "is no key for " + algorithm.code() + "; make one with ringdown token --new-key" + " FILE", unfit);
        }
    }

    /** Whether a token that says this of itself may be signed with it. */
    boolean fits(JWSAlgorithm alg, Optional<String> kid) {
        return algorithm.jws().equals(alg)
                && (id.isEmpty() || kid.isEmpty() || id.get().equals(kid.get()));
    }

    private static EdECPublicKey ed25519(Key key) throws UnfitKeyException {
        EdECPublicKey edwards = as(EdECPublicKey.class, key, "an Ed25519 key");
        if (!edwards.getParams().getName().equals(Ed25519.NAME)) {
            throw new UnfitKeyException(
                    "is a key for " + edwards.getParams().getName() + "; make one with ringdown token --new-key FILE");
        }
        return edwards;
    }

    private static JWSVerifier p256(ECPublicKey key) throws JOSEException, UnfitKeyException {
        ECDSAVerifier verifier = new ECDSAVerifier(key);
        if (!verifier.supportedJWSAlgorithms().contains(JWSAlgorithm.ES256)) {
            throw new UnfitKeyException("is on another curve than P-256; make one with"
                    + " `openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256`");
        }
        return verifier;
    }

    private static RSAPublicKey longEnough(RSAPublicKey key) throws UnfitKeyException {
        if (key.getModulus().bitLength() < LEAST_RSA_BITS) {
            throw new UnfitKeyException("has " + key.getModulus().bitLength() + " bits; make one of 2048 or more with"
                    + " `openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:3072`");
        }
        return key;
    }

    private static byte[] longEnough(SecretKey key) throws UnfitKeyException {
        byte[] bytes = key.getEncoded();
        if (bytes.length < TokenKeySettings.SHORTEST_SECRET_BYTES) {
            throw new UnfitKeyException("is shorter than 32 bytes; make one with `openssl rand -hex 32`");
        }
        return bytes;
    }

    private static <K extends Key> K as(Class<K> kind, Key key, String wanted) throws UnfitKeyException {
        if (!kind.isInstance(key)) {
            throw new UnfitKeyException("is not " + wanted + "; give its algorithm, or the file of another key");
        }
        return kind.cast(key);
    }
}
