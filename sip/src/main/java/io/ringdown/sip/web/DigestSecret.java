package io.ringdown.sip.web;

import io.ringdown.sip.Secret;
import io.ringdown.sip.dialog.Digest;
import io.ringdown.sip.dialog.Digest.Algorithm;
import java.util.Optional;

/** What the digest of a user is judged by: the password, or what is kept in its place. Shows nothing of itself. */
public sealed interface DigestSecret permits DigestSecret.Password, Ha1 {

    /** The hash of RFC 7616 3.4.2, in small letters; empty where it is not to be had for this algorithm, user and realm. */
    Optional<String> ha1(Algorithm algorithm, String user, String realm);

    /** This password. */
    static DigestSecret of(String password) {
        return new Password(new Secret(password));
    }

    /** The password itself, which is good for every algorithm and for every name of its user. */
    record Password(Secret value) implements DigestSecret {
        @Override
        public Optional<String> ha1(Algorithm algorithm, String user, String realm) {
            return Optional.of(Digest.ha1(algorithm, user, realm, value.value()));
        }
    }
}
