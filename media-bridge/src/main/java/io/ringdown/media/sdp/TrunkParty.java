package io.ringdown.media.sdp;

import io.ringdown.media.AllowedPeers;
import io.ringdown.media.codec.AudioCodec;
import java.net.InetAddress;
import java.util.List;

/**
 * Who we are to one trunk in one call.
 *
 * @param address where the trunk finds us
 * @param rtpPort for packets to us
 * @param rtcpPort for reports to us
 * @param codecs in the order in which we offer them
 * @param sessionId of {@code o=}; positive, random
 * @param peers where the trunk's media may be
 * @param offersMux whether we offer reports on RTP's own port (RFC 5761); offered to us, that is taken in any case
 */
public record TrunkParty(
        InetAddress address,
        int rtpPort,
        int rtcpPort,
        List<AudioCodec> codecs,
        long sessionId,
        AllowedPeers peers,
        boolean offersMux) {
    public TrunkParty {
        codecs = List.copyOf(codecs);
        if (codecs.isEmpty()) {
            throw new IllegalArgumentException("codecs: an empty list offers nothing");
        }
        if (rtpPort < 1 || rtpPort > 65_535 || rtcpPort < 1 || rtcpPort > 65_535 || sessionId <= 0) {
            throw new IllegalArgumentException("a port or the session id is out of range");
        }
    }

    /** Reports on a port of their own. */
    public TrunkParty(
            InetAddress address,
            int rtpPort,
            int rtcpPort,
            List<AudioCodec> codecs,
            long sessionId,
            AllowedPeers peers) {
        this(address, rtpPort, rtcpPort, codecs, sessionId, peers, false);
    }

    /** The trunk's media wherever they can be reached from {@code address}. */
    public TrunkParty(InetAddress address, int rtpPort, int rtcpPort, List<AudioCodec> codecs, long sessionId) {
        this(address, rtpPort, rtcpPort, codecs, sessionId, AllowedPeers.from(address));
    }
}
