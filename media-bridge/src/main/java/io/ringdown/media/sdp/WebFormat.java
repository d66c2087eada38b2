package io.ringdown.media.sdp;

import io.ringdown.media.codec.AudioCodec;
import java.util.OptionalInt;

/**
 * What the web leg carries after an answer.
 *
 * @param codec what the browser sends and gets
 * @param payloadType its payload type
 * @param eventPayloadType telephone-event, if the browser offered one that fits
 * @param eventClockRate in Hz; meaningless without {@code eventPayloadType}
 * @param ptimeMillis of the packets we send
 * @param redPayloadType RED around the codec (RFC 2198), if the browser offered it: both may send it beside the plain codec
 * @param mostBitrate that the browser wants to receive, in bit/s (RFC 7587 §6.1)
 */
public record WebFormat(
        AudioCodec codec,
        int payloadType,
        OptionalInt eventPayloadType,
        int eventClockRate,
        int ptimeMillis,
        OptionalInt redPayloadType,
        int mostBitrate) {
    /** As much as Opus can use (RFC 7587 §6.1). */
    public static final int ANY_BITRATE = 510_000;

    /** Without RED, and without a bound of the browser's. */
    public WebFormat(
            AudioCodec codec, int payloadType, OptionalInt eventPayloadType, int eventClockRate, int ptimeMillis) {
        this(codec, payloadType, eventPayloadType, eventClockRate, ptimeMillis, OptionalInt.empty(), ANY_BITRATE);
    }
}
