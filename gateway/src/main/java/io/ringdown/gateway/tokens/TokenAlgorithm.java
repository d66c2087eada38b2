package io.ringdown.gateway.tokens;

import com.nimbusds.jose.JWSAlgorithm;
import java.util.Arrays;
import java.util.stream.Collectors;

/** How tokens are signed (RFC 7518 §3.1, RFC 8037 §3.1). It belongs to the key: what a token says of it only has to agree. */
public enum TokenAlgorithm {
    /** By Ed25519. */
    EDDSA("EdDSA"),
    /** By ECDSA on P-256. */
    ES256("ES256"),
    /** By RSA of at least 2048 bits. */
    RS256("RS256"),
    /** By a secret of at least 256 bits that both sides know. */
    HS256("HS256");

    private final String code;

    TokenAlgorithm(String code) {
        this.code = code;
    }

    /** For the configuration: as the RFCs write it, in whatever case. */
    public static TokenAlgorithm parse(String text) {
        return Arrays.stream(values())
                .filter(algorithm -> algorithm.code.equalsIgnoreCase(text))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("is not an algorithm that is taken; write one of "
                        + Arrays.stream(values()).map(TokenAlgorithm::code).collect(Collectors.joining(", "))));
    }

    /** As a token's {@code alg} has it. */
    public String code() {
        return code;
    }

    JWSAlgorithm jws() {
        return new JWSAlgorithm(code);
    }
}
