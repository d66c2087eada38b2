package io.ringdown.media.sdp;

import io.ringdown.media.codec.AudioCodec;
import io.ringdown.media.srtp.SrtpKeys;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What the trunk leg carries after an answer.
 *
 * @param codec both ways
 * @param payloadType its payload type in packets to the trunk
 * @param eventPayloadType telephone-event at the codec's clock in packets to the trunk, if it was agreed
 * @param theirEventPayloadType the same in packets from the trunk: the number that we wrote, which need not be theirs
 *     (RFC 3264 §6.1)
 * @param ptimeMillis of the packets we send
 * @param rtp where they go
 * @param rtcp where reports go
 * @param weSend whether the direction lets us send
 * @param theySend whether the direction lets the trunk send
 * @param keys of SRTP; empty for plain RTP
 */
public record TrunkFormat(
        AudioCodec codec,
        int payloadType,
        OptionalInt eventPayloadType,
        OptionalInt theirEventPayloadType,
        int ptimeMillis,
        InetSocketAddress rtp,
        InetSocketAddress rtcp,
        boolean weSend,
        boolean theySend,
        Optional<SrtpKeys> keys) {

    /** Over plain RTP. */
    public TrunkFormat(
            AudioCodec codec,
            int payloadType,
            OptionalInt eventPayloadType,
            OptionalInt theirEventPayloadType,
            int ptimeMillis,
            InetSocketAddress rtp,
            InetSocketAddress rtcp,
            boolean weSend,
            boolean theySend) {
        this(
                codec,
                payloadType,
                eventPayloadType,
                theirEventPayloadType,
                ptimeMillis,
                rtp,
                rtcp,
                weSend,
                theySend,
                Optional.empty());
    }

    /** One number for telephone-event, both ways, over plain RTP. */
    public TrunkFormat(
            AudioCodec codec,
            int payloadType,
            OptionalInt eventPayloadType,
            int ptimeMillis,
            InetSocketAddress rtp,
            InetSocketAddress rtcp,
            boolean weSend,
            boolean theySend) {
        this(codec, payloadType, eventPayloadType, eventPayloadType, ptimeMillis, rtp, rtcp, weSend, theySend);
    }

    /** Of telephone-event: that of the audio whose stream it shares (RFC 4733 §2.1). */
    public int eventClockRate() {
        return codec.clockRate();
    }

    /**
     * Whether one side has put the other on hold (RFC 3264 §8.4): it may be silent then. That includes one who may send, as
     * {@code sendonly} says: music on hold is for who has some.
     */
    public boolean isOnHold() {
        return !weSend || !theySend;
    }
}
