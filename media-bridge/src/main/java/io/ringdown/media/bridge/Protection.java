package io.ringdown.media.bridge;

import io.ringdown.media.sdp.WebFormat;

/**
 * How what we send is protected against loss.
 *
 * @param lossPercent what the encoder is to expect; above 0 it puts a small copy of each frame into the next (in-band FEC)
 * @param redPayloadType under which each packet repeats the frame before it (RFC 2198), or {@link #NO_RED}
 * @param mostBitrate that the encoder may use, in bit/s
 */
record Protection(int lossPercent, int redPayloadType, int mostBitrate) {
    static final int NO_RED = -1;

    /** Nothing gets lost. */
    static final Protection NONE = new Protection(0, NO_RED, WebFormat.ANY_BITRATE);
}
