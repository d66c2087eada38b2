package io.ringdown.media.sdp;

import io.ringdown.media.codec.AudioCodec;
import java.util.List;
import java.util.OptionalInt;

/**
 * What the web leg carries after an answer.
 *
 * @param codec what the browser sends and gets
 * @param payloadType its payload type
 * @param eventPayloadType telephone-event, if the browser offered one that fits
 * @param eventClockRate in Hz; meaningless without {@code eventPayloadType}
 * @param ptimeMillis of the packets we send
 * @param alternatives what else was answered: either side may go over to one of these, and back, at any packet. Each has the
 *     telephone-event that fits it, for a browser that goes over answers itself anew; none has alternatives of its own
 * @param redPayloadType RED around Opus (RFC 2198), if the browser offered it: both may send it beside plain Opus
 * @param mostBitrate that the browser wants to receive, in bit/s (RFC 7587 §6.1)
 * @param narrowEventPayloadType telephone-event at 8 kHz beside that of the codec's own clock, where we have offered and the
 *     browser has taken both: it may send either, and Chromium sends this one
 */
public record WebFormat(
        AudioCodec codec,
        int payloadType,
        OptionalInt eventPayloadType,
        int eventClockRate,
        int ptimeMillis,
        List<WebFormat> alternatives,
        OptionalInt redPayloadType,
        int mostBitrate,
        OptionalInt narrowEventPayloadType) {
    /** As much as Opus can use (RFC 7587 §6.1). */
    public static final int ANY_BITRATE = 510_000;

    public WebFormat {
        alternatives = List.copyOf(alternatives);
    }

    /** With one telephone-event at most. */
    public WebFormat(
            AudioCodec codec,
            int payloadType,
            OptionalInt eventPayloadType,
            int eventClockRate,
            int ptimeMillis,
            List<WebFormat> alternatives,
            OptionalInt redPayloadType,
            int mostBitrate) {
        this(
                codec,
                payloadType,
                eventPayloadType,
                eventClockRate,
                ptimeMillis,
                alternatives,
                redPayloadType,
                mostBitrate,
                OptionalInt.empty());
    }

    /** One codec for the whole call, without RED and without a bound of the browser's. */
    public WebFormat(
            AudioCodec codec, int payloadType, OptionalInt eventPayloadType, int eventClockRate, int ptimeMillis) {
        this(
                codec,
                payloadType,
                eventPayloadType,
                eventClockRate,
                ptimeMillis,
                List.of(),
                OptionalInt.empty(),
                ANY_BITRATE);
    }

    /** The same, where the browser may send this telephone-event at 8 kHz too. */
    WebFormat withNarrowEvent(OptionalInt narrow) {
        return new WebFormat(
                codec,
                payloadType,
                eventPayloadType,
                eventClockRate,
                ptimeMillis,
                alternatives,
                redPayloadType,
                mostBitrate,
                narrow);
    }
}
