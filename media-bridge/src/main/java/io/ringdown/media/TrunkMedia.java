package io.ringdown.media;

import io.ringdown.dtmf.DtmfSettings;
import io.ringdown.media.codec.AudioCodec;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * How media run with one trunk.
 *
 * @param listen the local address of RTP and RTCP
 * @param advertise the address written into SDP, where it is another than {@code listen}
 * @param codecs what we offer, in order
 * @param srtp whether RTP is encrypted
 * @param latchFrom who may be taken for the trunk in the first second though its description names another address; nobody,
 *     if absent (RFC 7362)
 * @param rtcpMux whether we offer reports on RTP's own port (RFC 5761)
 * @param peers where its media may be
 * @param digits how presses travel
 * @param smooth how long each packet is held, so that they leave at a steady pace; for gateways with fixed buffers
 */
public record TrunkMedia(
        InetAddress listen,
        Optional<InetAddress> advertise,
        List<AudioCodec> codecs,
        TrunkSrtp srtp,
        Optional<Predicate<InetAddress>> latchFrom,
        boolean rtcpMux,
        AllowedPeers peers,
        DtmfSettings digits,
        Duration smooth) {
    private static final Duration MOST_SMOOTH = Duration.ofMillis(80);

    public TrunkMedia {
        if (smooth.isNegative() || smooth.compareTo(MOST_SMOOTH) > 0) {
            throw new IllegalArgumentException(
                    "smooth: " + smooth.toMillis() + "ms is out of range; 0ms to 80ms is possible, 0ms is usual");
        }
        codecs = List.copyOf(codecs);
        if (codecs.isEmpty()) {
            throw new IllegalArgumentException("codecs: an empty list offers nothing; write one like pcma, pcmu");
        }
    }

    /** Plain media wherever they can be reached from {@code listen}; packets leave as they come. */
    public TrunkMedia(InetAddress listen, Optional<InetAddress> advertise, List<AudioCodec> codecs) {
        this(
                listen,
                advertise,
                codecs,
                TrunkSrtp.OFF,
                Optional.empty(),
                false,
                AllowedPeers.from(listen),
                DtmfSettings.defaults(),
                Duration.ZERO);
    }

    /** As this, encrypted or not. */
    public TrunkMedia withSrtp(TrunkSrtp use) {
        return new TrunkMedia(listen, advertise, codecs, use, latchFrom, rtcpMux, peers, digits, smooth);
    }

    /** As this, taking these for the trunk in the first second. */
    public TrunkMedia withLatchFrom(Predicate<InetAddress> networks) {
        return new TrunkMedia(listen, advertise, codecs, srtp, Optional.of(networks), rtcpMux, peers, digits, smooth);
    }

    /** As this, offering reports on RTP's own port. */
    public TrunkMedia withRtcpMux() {
        return new TrunkMedia(listen, advertise, codecs, srtp, latchFrom, true, peers, digits, smooth);
    }

    public InetAddress advertised() {
        return advertise.orElse(listen);
    }
}
