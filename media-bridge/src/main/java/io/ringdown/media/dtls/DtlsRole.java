package io.ringdown.media.dtls;

/** Who speaks first in DTLS (RFC 5763 §5): {@code setup:passive} makes a server, {@code setup:active} a client. */
public enum DtlsRole {
    SERVER,
    CLIENT
}
