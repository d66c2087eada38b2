package io.ringdown.media.transport;

/** Why a datagram went no further. */
enum Noise {
    /** Neither STUN nor DTLS nor RTP by its first byte (RFC 7983 §7), or too short or too long to be one of them. */
    NOT_MEDIA,
    /** STUN, but no well-formed check with a right FINGERPRINT. */
    BAD_STUN,
    /** A check for no call of ours. */
    UNKNOWN_UFRAG,
    /** A check without the password. */
    WRONG_INTEGRITY,
    /** An authentic check that makes no sense. */
    MALFORMED_CHECK,
    /** An authentic check from an address where another call's browser is. */
    ADDRESS_TAKEN,
    /** DTLS or SRTP from an address that never passed a check. */
    UNKNOWN_ADDRESS,
    /** More packets than a call has. */
    FLOOD,
    /** SRTP before the handshake was complete. */
    BEFORE_KEYS,
    /** SRTP that did not open; the session counts why. */
    NOT_OPENED,
    /** From another address than the trunk's, while we looked who is there. */
    STRANGER,
    /** We have failed on it. */
    OUR_FAULT
}
