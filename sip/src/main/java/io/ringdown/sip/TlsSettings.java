package io.ringdown.sip;

import java.nio.file.Path;
import java.util.Optional;

/**
 * How TLS is spoken to a trunk. The files are read again when they change.
 *
 * @param ca PEM: who vouches for the trunk's certificate; empty for those whom the JDK trusts
 * @param certificate PEM: the certificate that we show where the trunk asks for one; empty for none
 * @param key PEM: its private key, not encrypted
 * @param name the domain that the trunk's certificate must be for; empty for the host of its address
 * @param wildcards whether {@code *.example.net} on it is for {@code sip.example.net} too (RFC 6125 6.4.3), against RFC 5922 7.2
 */
public record TlsSettings(
        Optional<Path> ca, Optional<Path> certificate, Optional<Path> key, Optional<String> name, boolean wildcards) {

    public TlsSettings {
        if (certificate.isPresent() != key.isPresent()) {
            String missing = key.isPresent() ? "certificate" : "key";
            throw new IllegalArgumentException(missing + ": missing; a certificate and its key go together");
        }
        if (name.isPresent() && !name.get().matches("[A-Za-z0-9.:_-]{1,253}")) {
            throw new IllegalArgumentException("name: is no name of a host; write for example sip.example.net");
        }
    }

    /** The JDK's CAs, nothing of ours to show, the address's own name. */
    public static TlsSettings defaults() {
        return new TlsSettings(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), false);
    }
}
