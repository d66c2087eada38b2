package io.ringdown.media.sdp;

import io.ringdown.media.codec.AudioCodec;
import java.net.InetSocketAddress;
import java.util.OptionalInt;

/**
 * What the trunk leg carries after an answer.
 *
 * @param codec PCMU or PCMA
 * @param payloadType its payload type in packets to the trunk
 * @param eventPayloadType telephone-event/8000, if it was answered
 * @param ptimeMillis of the packets we send
 * @param rtp where they go
 * @param rtcp where reports go
 * @param weSend whether the direction lets us send
 * @param theySend whether the direction lets the trunk send
 */
public record TrunkFormat(
        AudioCodec codec,
        int payloadType,
        OptionalInt eventPayloadType,
        int ptimeMillis,
        InetSocketAddress rtp,
        InetSocketAddress rtcp,
        boolean weSend,
        boolean theySend) {}
