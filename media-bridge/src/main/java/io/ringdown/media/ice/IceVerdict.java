package io.ringdown.media.ice;

import java.util.List;

/** What to do after a check. */
public sealed interface IceVerdict {

    /** Drop the datagram without an answer. */
    record Dropped(Reason reason) implements IceVerdict {
        /** Why. */
        public enum Reason {
            /** The password is not ours: a stranger, or a check of a generation that has gone. */
            WRONG_INTEGRITY,
            /** Authentic, but ice4j cannot make sense of it. */
            MALFORMED
        }
    }

    /** Send {@code response}, an error: nothing else changes. */
    @SuppressWarnings("ArrayRecordComponent") // never compared; handed over
    record Refused(byte[] response) implements IceVerdict {}

    /**
     * Send {@code response}: the path is the browser's.
     *
     * @param forgotten paths that are no longer the browser's
     * @param restarted whether this check completes an ICE restart, so that the credentials before it have gone
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared; handed over
    record Answered(byte[] response, List<IcePath> forgotten, boolean restarted) implements IceVerdict {}
}
