package io.ringdown.gateway.tokens;

import java.net.InetAddress;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** Decides who may come in. Thread-safe; answers at once. */
public interface TokenVerifier {

    /** What the token opens; empty if that is nothing, or it is missing where one is needed. */
    Optional<Admission> verify(Presented shown);

    /** Who shows it, for looking after calls that there are: a token for one call names its bearer also when it had that. */
    default Optional<Identity> identify(Presented shown) {
        return verify(shown).map(Admission::identity);
    }

    /** Whether it is this key, which opens something of its own; tries of it count as those of any key. */
    default boolean isMonitorKey(Secret key, Presented shown) {
        return shown.token().filter(key::matches).isPresent();
    }

    /** Whether a grant begins no call any more: its token has run out, or it was for one call. */
    default boolean isSpent(Grant grant) {
        return false;
    }

    /** For how long a grant is good still; empty if for good. */
    default Optional<Duration> lasts(Grant grant) {
        return Optional.empty();
    }

    /** For how long an address is held off because too many of its tokens were bad; empty if it is not. */
    default Optional<Duration> heldOff(InetAddress from) {
        return Optional.empty();
    }

    /** Whom it names, though it may have run out or had its call: who comes back has that in a secret of the session. */
    default Optional<Identity> recognize(Presented shown) {
        return identify(shown);
    }

    /** Whether clients have to show a token at all. */
    boolean required();

    /** The verifier for these settings. */
    static TokenVerifier of(TokenSettings settings) {
        return settings.developmentKey().<TokenVerifier>map(DevelopmentKey::new).orElseGet(Everybody::new);
    }

    /** The verifier for these settings, and for users who have keys of their own. */
    static TokenVerifier of(TokenSettings settings, Map<String, Secret> keysOfUsers) {
        return keysOfUsers.isEmpty()
                ? of(settings)
                : new KeysOfUsers(keysOfUsers, settings.developmentKey().map(DevelopmentKey::new));
    }

    /** A key names its user; besides there may be the one that opens everything. */
    record KeysOfUsers(Map<String, Secret> keys, Optional<DevelopmentKey> common) implements TokenVerifier {
        @Override
        public Optional<Admission> verify(Presented shown) {
            Optional<Admission> user = Optional.empty();
            if (shown.token().isPresent()) {
                // All of them, so that the time taken does not tell which one is near.
                for (Map.Entry<String, Secret> key : keys.entrySet()) {
                    if (key.getValue().matches(shown.token().get())) {
                        user = Optional.of(Admission.of(key.getKey()));
                    }
                }
            }
            return user.or(() -> common.flatMap(key -> key.verify(shown)));
        }

        @Override
        public boolean required() {
            return true;
        }
    }

    /** One key that opens everything: for trying an integration before there is a back end that mints tokens. */
    record DevelopmentKey(Secret key) implements TokenVerifier {
        @Override
        public Optional<Admission> verify(Presented shown) {
            return shown.token().filter(key::matches).map(_ -> Admission.of("development-key"));
        }

        @Override
        public boolean required() {
            return true;
        }
    }

    /** Nobody is asked: only on loopback. */
    record Everybody() implements TokenVerifier {
        @Override
        public Optional<Admission> verify(Presented shown) {
            return Optional.of(Admission.of("local"));
        }

        @Override
        public boolean required() {
            return false;
        }
    }
}
