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
 */
public record WebFormat(
        AudioCodec codec, int payloadType, OptionalInt eventPayloadType, int eventClockRate, int ptimeMillis) {}
