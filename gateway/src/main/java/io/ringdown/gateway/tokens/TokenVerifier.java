package io.ringdown.gateway.tokens;

import java.util.Optional;

/** Decides who may come in. Thread-safe; answers at once. */
public interface TokenVerifier {

    /** Whom the token names; empty if it opens nothing, or is missing where one is needed. */
    Optional<Identity> verify(Optional<String> token);

    /** Whether clients have to show a token at all. */
    boolean required();

    /** The verifier for these settings. */
    static TokenVerifier of(TokenSettings settings) {
        return settings.developmentKey().<TokenVerifier>map(DevelopmentKey::new).orElseGet(Everybody::new);
    }

    /** One key that opens everything: for trying an integration before there is a back end that mints tokens. */
    record DevelopmentKey(Secret key) implements TokenVerifier {
        @Override
        public Optional<Identity> verify(Optional<String> token) {
            return token.filter(key::matches).map(_ -> new Identity("development-key"));
        }

        @Override
        public boolean required() {
            return true;
        }
    }

    /** Nobody is asked: only on loopback. */
    record Everybody() implements TokenVerifier {
        @Override
        public Optional<Identity> verify(Optional<String> token) {
            return Optional.of(new Identity("local"));
        }

        @Override
        public boolean required() {
            return false;
        }
    }
}
