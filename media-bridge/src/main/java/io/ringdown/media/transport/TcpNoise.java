package io.ringdown.media.transport;

/** What became of TCP connections of browsers. */
enum TcpNoise {
    /** The other side, or the network, has closed one that carried a call. */
    LOST,
    /** No check was passed within its time. */
    UNCHECKED,
    /** Closed for newer ones that had not passed a check either. */
    CROWDED_OUT,
    /** Too much came before a check was passed. */
    TALKATIVE,
    /** A packet longer than any of a browser. */
    TOO_LONG,
    /** The other side does not read. */
    STALLED,
    /** They came faster than they are taken; the others have to wait in the kernel. */
    HELD_UP,
    /** There were too many to take another. */
    FULL,
    /** The system gave none, for lack of file descriptors for example. */
    NOT_GIVEN
}
