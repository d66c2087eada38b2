package io.ringdown.gateway.tokens;

import java.nio.file.Path;
import java.util.Optional;

/**
 * A key that tokens may be signed with.
 *
 * @param id what a token may call it ({@code kid}); a token that names none is tried with every key of its algorithm
 * @param algorithm the only one that it is good for
 * @param file the public key as PEM, a JWK or a JWK set, or the secret; read again when it changes
 * @param secret instead of a file, for HS256
 */
public record TokenKeySettings(
        Optional<String> id, TokenAlgorithm algorithm, Optional<Path> file, Optional<Secret> secret) {
    /** RFC 7518 §3.2: as long as the hash. */
    static final int SHORTEST_SECRET_BYTES = 32;

    public TokenKeySettings {
        if (file.isPresent() == secret.isPresent()) {
            throw new IllegalArgumentException("file: a key has a file or a secret; write one of the two");
        }
        if (secret.isPresent() && algorithm != TokenAlgorithm.HS256) {
            throw new IllegalArgumentException(
                    "secret: is for HS256 only; name the file of the public key, or write algorithm: HS256");
        }
        if (secret.isPresent() && secret.get().bytes().length < SHORTEST_SECRET_BYTES) {
            throw new IllegalArgumentException(
                    "secret: is shorter than 32 bytes; make one with `openssl rand -hex 32`");
        }
    }

    /** How the key is spoken of where its secret must not be told. */
    String name() {
        return algorithm.code()
                + id.map(known -> " " + known).orElse("")
                + file.map(known -> " of " + known).orElse(" of the configuration");
    }
}
