package io.ringdown.media;

import io.ringdown.media.quality.CallQuality;

/**
 * A browser alone with what it is let hear ({@link #alsoHear}, of which it has {@link Side#WEB} only), and with who is let hear it.
 * Without a trunk. Methods may be called from one thread at a time; what happens is told to the {@link MediaListener}.
 */
public interface LoneSession extends Speaking, AutoCloseable {

    /**
     * Answers the browser's offer, the first or a later one (RFC 3264 §6).
     *
     * @throws SdpRejectedException if there is no audio in it that we can carry
     */
    String answerWeb(String offer) throws SdpRejectedException;

    /** What is measured of the browser's leg, at this moment. Any thread may ask. */
    CallQuality quality();

    /** Ends it at once: RTCP BYE, close_notify. Idempotent. */
    @Override
    void close();
}
