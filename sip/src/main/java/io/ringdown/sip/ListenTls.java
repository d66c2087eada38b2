package io.ringdown.sip;

import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/**
 * What peers see that connect to us by TLS. The files are read again when they change.
 *
 * @param certificate PEM: our certificate, then its issuers
 * @param key PEM: its private key, not encrypted
 * @param clientCertificate whether a peer must show one
 * @param ca PEM: who vouches for client certificates; empty for those whom the JDK trusts
 */
public record ListenTls(Path certificate, Path key, ClientCertificate clientCertificate, Optional<Path> ca) {

    /** What is asked of a peer. */
    public enum ClientCertificate {
        /** Nothing: its address says who it is. */
        NONE,
        /** A certificate whose name (RFC 5922) is that of a trunk at this address. */
        REQUIRE
    }

    public ListenTls {
        if (clientCertificate == ClientCertificate.NONE && ca.isPresent()) {
            throw new IllegalArgumentException(
                    "ca: is for client certificates, which nobody is asked for; write client-certificate: require, or take"
                            + " it out");
        }
    }

    /** The values of absent keys; the files are among them only for form, see {@link #required()}. */
    public static ListenTls defaults() {
        return new ListenTls(Path.of("cert.pem"), Path.of("key.pem"), ClientCertificate.NONE, Optional.empty());
    }

    /** The keys that no default can stand for. */
    public static Set<String> required() {
        return Set.of("certificate", "key");
    }
}
