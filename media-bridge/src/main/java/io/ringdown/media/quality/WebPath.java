package io.ringdown.media.quality;

import java.util.OptionalLong;

/**
 * The way between browser and gateway at one moment.
 *
 * @param ice how far ICE has come
 * @param dtls how far DTLS has come
 * @param answeredMillis since when the browser has our answer; empty before
 * @param silentMillis since when nothing authentic has come: neither a check nor SRTP; empty before the first
 * @param beforeKeys packets of media that came before the handshake was complete
 * @param refused packets of media that did not open: forged, replayed, or under other keys
 * @param muted whether the telephone hears silence by our client's wish
 * @param weSend whether the browser's description lets us send, and its client does not hold the call
 * @param theySend whether it lets the browser send
 */
public record WebPath(
        Ice ice,
        Dtls dtls,
        OptionalLong answeredMillis,
        OptionalLong silentMillis,
        long beforeKeys,
        long refused,
        boolean muted,
        boolean weSend,
        boolean theySend) {
    /** There is no browser yet. */
    public static final WebPath NONE =
            new WebPath(Ice.NEW, Dtls.NEW, OptionalLong.empty(), OptionalLong.empty(), 0, 0, false, true, true);

    /** How far ICE has come, seen from a lite agent. */
    public enum Ice {
        /** No authentic check has come. */
        NEW,
        /** A check has come: there is a way to send to. */
        CHECKED,
        /** The browser has chosen a way. */
        NOMINATED,
        /** The TCP connection that was the only way is gone, and no other has come. */
        LOST
    }

    /** How far DTLS has come. */
    public enum Dtls {
        /** The browser has not said a word of it. */
        NEW,
        /** It has begun. */
        HANDSHAKE,
        /** There are keys. */
        CONNECTED,
        /** The certificate was another than the announced one. */
        WRONG_CERTIFICATE,
        /** The handshake came to nothing in its time. */
        FAILED,
        /** The browser has closed it. */
        CLOSED
    }
}
