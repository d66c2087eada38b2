package io.ringdown.gateway.tokens;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import com.nimbusds.jose.jwk.RSAKey;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.spec.SecretKeySpec;

/** Keys as they are written: PEM (RFC 7468), JWK and JWK set (RFC 7517), or the plain text of a secret. Pure. */
final class KeyText {
    private static final Pattern PEM =
            Pattern.compile("-----BEGIN ([A-Z ]{1,40})-----([A-Za-z0-9+/=\\s]*)-----END \\1-----");
    private static final int MOST_KEYS = 32;

    private KeyText() {}

    /** The keys of a file of the configuration, which are all for this algorithm. */
    static List<TokenKey> configured(String text, TokenKeySettings settings, Optional<String> issuer)
            throws UnfitKeyException {
        if (text.strip().startsWith("{")) {
            return ofSet(text, settings, issuer);
        }
        Key key = settings.algorithm() == TokenAlgorithm.HS256 ? secret(text) : publicKey(text, settings.algorithm());
        return List.of(TokenKey.of(settings.id(), settings.algorithm(), key, issuer));
    }

    private static List<TokenKey> ofSet(String text, TokenKeySettings settings, Optional<String> issuer)
            throws UnfitKeyException {
        List<TokenKey> keys = new ArrayList<>();
        for (JWK jwk : set(text)) {
            if (jwk.isPrivate() && !(jwk instanceof OctetSequenceKey)) {
                throw new UnfitKeyException("has a private key in it; give the gateway the public one alone");
            }
            if (algorithm(jwk).filter(settings.algorithm()::equals).isPresent()) {
                Optional<String> id = settings.id().or(() -> Optional.ofNullable(jwk.getKeyID()));
                keys.add(TokenKey.of(id, settings.algorithm(), key(jwk), issuer));
            }
        }
        if (keys.isEmpty()) {
            throw new UnfitKeyException("has no key for " + settings.algorithm().code() + "; give another algorithm");
        }
        return keys;
    }

    /** What an issuer publishes: every key of it that we can use. A secret is none, where everybody can read it. */
    static List<TokenKey> published(String text, Optional<String> issuer) throws UnfitKeyException {
        List<TokenKey> keys = new ArrayList<>();
        for (JWK jwk : set(text)) {
            Optional<TokenAlgorithm> algorithm =
                    algorithm(jwk).filter(known -> known != TokenAlgorithm.HS256 && keys.size() < MOST_KEYS);
            if (algorithm.isPresent()) {
                try {
                    keys.add(TokenKey.of(Optional.ofNullable(jwk.getKeyID()), algorithm.get(), key(jwk), issuer));
                } catch (UnfitKeyException | RuntimeException unfit) {
                    continue; // a weak or broken one beside good ones
                }
            }
        }
        return keys;
    }

    /** The secret of a file: its text, without the end of the line. */
    static SecretKeySpec secret(String text) throws UnfitKeyException {
        if (text.isBlank()) {
            throw new UnfitKeyException("is empty; make a secret with `openssl rand -hex 32`");
        }
        if (PEM.matcher(text).find()) {
            throw new UnfitKeyException("is PEM, and no secret; give its algorithm: EdDSA, ES256 or RS256");
        }
        return new SecretKeySpec(text.strip().getBytes(StandardCharsets.UTF_8), "HmacSHA256");
    }

    /** A private key in PEM, of whichever of these kinds; empty if the text is no PEM. */
    static Optional<PrivateKey> privateKey(String text) throws UnfitKeyException {
        Matcher pem = PEM.matcher(text);
        if (!pem.find()) {
            return Optional.empty();
        }
        if (!pem.group(1).equals("PRIVATE KEY")) {
            throw new UnfitKeyException("is a " + pem.group(1) + " and cannot sign; give the private key as PKCS #8:"
                    + " `openssl pkcs8 -topk8 -nocrypt -in FILE`");
        }
        for (String kind : List.of(Ed25519.NAME, "EC", "RSA")) {
            try {
                return Optional.of(KeyFactory.getInstance(kind).generatePrivate(new PKCS8EncodedKeySpec(bytes(pem))));
            } catch (GeneralSecurityException | IllegalArgumentException another) {
                continue;
            }
        }
        throw new UnfitKeyException("is no key for EdDSA, ES256 or RS256; make one with ringdown token --new-key FILE");
    }

    private static Key publicKey(String text, TokenAlgorithm algorithm) throws UnfitKeyException {
        Matcher pem = PEM.matcher(text);
        if (!pem.find()) {
            throw new UnfitKeyException("is neither PEM nor a JWK; write the public key with `openssl pkey -pubout`");
        }
        if (!pem.group(1).equals("PUBLIC KEY")) {
            throw new UnfitKeyException("is a " + pem.group(1)
                    + "; the gateway needs the public key alone: `openssl pkey -in FILE -pubout`");
        }
        String kind = switch (algorithm) {
            case EDDSA -> Ed25519.NAME;
            case ES256 -> "EC";
            case RS256 -> "RSA";
            case HS256 -> throw new IllegalArgumentException("a secret is no public key");
        };
        try {
            return KeyFactory.getInstance(kind).generatePublic(new X509EncodedKeySpec(bytes(pem)));
        } catch (GeneralSecurityException | IllegalArgumentException unfit) {
            throw new UnfitKeyException("is no public key for " + algorithm.code() + "; give its algorithm", unfit);
        }
    }

    private static byte[] bytes(Matcher pem) {
        return Base64.getMimeDecoder().decode(pem.group(2));
    }

    private static List<JWK> set(String text) throws UnfitKeyException {
        try {
            return text.contains("\"keys\"") ? JWKSet.parse(text).getKeys() : List.of(JWK.parse(text));
        } catch (ParseException | RuntimeException malformed) {
            throw new UnfitKeyException("is not a JWK or JWK set (RFC 7517); write one", malformed);
        }
    }

    private static Optional<TokenAlgorithm> algorithm(JWK jwk) {
        if (KeyUse.ENCRYPTION.equals(jwk.getKeyUse())) {
            return Optional.empty();
        }
        Optional<TokenAlgorithm> byKind = switch (jwk) {
            case OctetKeyPair pair when Curve.Ed25519.equals(pair.getCurve()) -> Optional.of(TokenAlgorithm.EDDSA);
            case ECKey key when Curve.P_256.equals(key.getCurve()) -> Optional.of(TokenAlgorithm.ES256);
            case RSAKey _ -> Optional.of(TokenAlgorithm.RS256);
            case OctetSequenceKey _ -> Optional.of(TokenAlgorithm.HS256);
            default -> Optional.empty(); // the library's type is open
        };
        return jwk.getAlgorithm() == null
                ? byKind
                : byKind.filter(kind ->
                        kind.jws().equals(new JWSAlgorithm(jwk.getAlgorithm().getName())));
    }

    private static Key key(JWK jwk) throws UnfitKeyException {
        try {
            return switch (jwk) {
                case OctetKeyPair pair -> Ed25519.publicKey(pair.getDecodedX());
                case ECKey key -> key.toECPublicKey();
                case RSAKey key -> key.toRSAPublicKey();
                case OctetSequenceKey key -> key.toSecretKey("HmacSHA256");
                default -> throw new IllegalArgumentException("a key of another kind has no algorithm of ours");
            };
        } catch (JOSEException | GeneralSecurityException unfit) {
            throw new UnfitKeyException("has a key that is none", unfit);
        }
    }
}
