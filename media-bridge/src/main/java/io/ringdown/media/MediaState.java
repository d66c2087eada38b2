package io.ringdown.media;

import io.ringdown.media.bridge.BridgeState;
import io.ringdown.media.sdp.NegotiationState;
import io.ringdown.media.srtp.SrtpState;
import io.ringdown.media.transport.CallMedia;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;

/**
 * A call's media between two packets, so that {@link MediaEngine#reopen} goes on with the trunk's leg as if nothing had been:
 * {@link MediaSession#state} makes it. Records, texts, numbers and lists only, for writing down. It holds the keys of the call;
 * whoever has it can listen. Of the web leg nothing is kept: the browser offers anew.
 *
 * @param unixNanos when it was written, Unix time
 * @param cname of our streams in RTCP
 * @param bridge between the legs
 * @param trunk its leg; empty if there was none yet
 */
public record MediaState(long unixNanos, String cname, BridgeState bridge, Optional<Trunk> trunk) {

    /**
     * The trunk's leg.
     *
     * @param port of ours for RTP; reports have the next
     * @param latched where the trunk was found to be, if that is not where its description says
     * @param negotiation what was offered and agreed
     * @param srtp how far its keys have come, if it has some
     */
    public record Trunk(int port, Optional<Place> latched, NegotiationState negotiation, Optional<SrtpState> srtp) {}

    /** An address as text, and a port. */
    public record Place(String address, int port) {
        static Place of(InetSocketAddress address) {
            return new Place(address.getAddress().getHostAddress(), address.getPort());
        }

        private InetSocketAddress socketAddress() {
            return new InetSocketAddress(InetAddress.ofLiteral(address), port);
        }
    }

    /** What the loop knows of it. */
    CallMedia.Cut cut() {
        return new CallMedia.Cut(
                bridge, trunk.flatMap(Trunk::latched).map(Place::socketAddress), trunk.flatMap(Trunk::srtp));
    }
}
