package io.ringdown.media.dtls;

/** Why a handshake is over. */
public enum DtlsFailure {
    /** The peer proved another identity than the one it had announced, or none. */
    FINGERPRINT_MISMATCH,
    /** Nothing came of it in the time it has. */
    TIMEOUT
}
