package io.ringdown.media.bridge;

/**
 * Where a bridge's packets go. The sinks are called on the bridge's own thread, from within its inputs, and the buffers have
 * at least 64 writable bytes behind the packet.
 *
 * @param webRtp RTP for the browser, to be sealed
 * @param webRtcp RTCP for the browser, to be sealed
 * @param trunkRtp RTP for the trunk
 * @param trunkRtcp RTCP for the trunk
 */
public record BridgeOutput(PacketSink webRtp, PacketSink webRtcp, PacketSink trunkRtp, PacketSink trunkRtcp) {}
