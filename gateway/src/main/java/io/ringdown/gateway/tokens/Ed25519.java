package io.ringdown.gateway.tokens;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.jca.JCAContext;
import com.nimbusds.jose.util.Base64URL;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.HexFormat;
import java.util.Set;

/** EdDSA with the JDK's own Ed25519 (RFC 8037), for which the JOSE library would bring another one. */
final class Ed25519 {
    static final String NAME = "Ed25519";
    // RFC 8410 §4 and §7: what stands before the 32 bytes of a public and of a private key.
    private static final String PUBLIC_PREFIX = "302a300506032b6570032100";
    private static final String PRIVATE_PREFIX = "302e020100300506032b657004220420";

    private Ed25519() {}

    /** The key whose bytes a JWK has as {@code x}. */
    static PublicKey publicKey(byte[] x) throws GeneralSecurityException {
        return KeyFactory.getInstance(NAME).generatePublic(new X509EncodedKeySpec(join(PUBLIC_PREFIX, x)));
    }

    /** The key whose bytes a JWK has as {@code d}. */
    static PrivateKey privateKey(byte[] d) throws GeneralSecurityException {
        return KeyFactory.getInstance(NAME).generatePrivate(new PKCS8EncodedKeySpec(join(PRIVATE_PREFIX, d)));
    }

    private static byte[] join(String prefix, byte[] key) {
        return HexFormat.of().parseHex(prefix + HexFormat.of().formatHex(key));
    }

    /** Checks signatures. Thread-safe. */
    record Verifier(PublicKey key) implements JWSVerifier {
        @Override
        public boolean verify(JWSHeader header, byte[] signed, Base64URL signature) throws JOSEException {
            try {
                Signature check = Signature.getInstance(NAME);
                check.initVerify(key);
                check.update(signed);
                return check.verify(signature.decode());
            } catch (SignatureException malformed) {
                return false;
            } catch (GeneralSecurityException impossible) {
                throw new JOSEException("this Java has no Ed25519", impossible);
            }
        }

        @Override
        public Set<JWSAlgorithm> supportedJWSAlgorithms() {
            return Set.of(JWSAlgorithm.EdDSA);
        }

        @Override
        public JCAContext getJCAContext() {
            return new JCAContext();
        }
    }

    /** Signs. Thread-safe. */
    record Signer(PrivateKey key) implements JWSSigner {
        @Override
        public Base64URL sign(JWSHeader header, byte[] input) throws JOSEException {
            try {
                Signature sign = Signature.getInstance(NAME);
                sign.initSign(key);
                sign.update(input);
                return Base64URL.encode(sign.sign());
            } catch (GeneralSecurityException unfit) {
                throw new JOSEException("it cannot be signed with this key", unfit);
            }
        }

        @Override
        public Set<JWSAlgorithm> supportedJWSAlgorithms() {
            return Set.of(JWSAlgorithm.EdDSA);
        }

        @Override
        public JCAContext getJCAContext() {
            return new JCAContext();
        }

        @Override
        public String toString() {
            return "Signer[masked]";
        }
    }
}
