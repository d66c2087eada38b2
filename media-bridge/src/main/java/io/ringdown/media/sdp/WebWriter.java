package io.ringdown.media.sdp;

import io.ringdown.media.codec.AudioCodec;
import java.net.InetSocketAddress;

/** The lines of a description of ours to one browser, whether it is an offer or an answer. */
final class WebWriter {
    private final WebParty party;
    private final SdpWriter sdp;

    WebWriter(WebParty party, SdpWriter sdp) {
        this.party = party;
        this.sdp = sdp;
    }

    /** A medium that is taken. */
    void taken(String kind, String protocol, String formats) {
        InetSocketAddress best = party.candidates().getFirst();
        sdp.line("m=" + kind + " " + best.getPort() + " " + protocol + " " + formats);
        sdp.line("c=" + SdpText.connection(best.getAddress()));
    }

    void codec(AudioCodec codec, int payloadType, boolean hasRed) {
        switch (codec) {
            case OPUS ->
                sdp.line("a=rtpmap:" + payloadType + " opus/48000/2") // RFC 7587 §7: always 48000/2
                        .line("a=fmtp:" + payloadType + " " + opusParameters(hasRed));
            case PCMU, PCMA, G722 ->
                sdp.line("a=rtpmap:" + payloadType + " " + codec.rtpmapName() + "/" + codec.clockRate());
        }
    }

    /**
     * The band decides what a call costs to decode, the bit rate whether losses can be repaired. Copies by RED are whole ones;
     * in-band FEC beside them would only take bits from the voice (docs/sound.md). Mono by default.
     */
    private String opusParameters(boolean hasRed) {
        return "minptime=10;useinbandfec=%d;maxplaybackrate=%d;maxaveragebitrate=32000"
                .formatted(hasRed ? 0 : 1, party.codecs().playbackRate());
    }

    /** RFC 2198 §5. */
    void red(MediaDescription.Red red, int payloadType) {
        sdp.line("a=rtpmap:" + red.payloadType() + " red/48000" + (red.isStereo() ? "/2" : ""))
                .line("a=fmtp:" + red.payloadType() + " " + payloadType + "/" + payloadType);
    }

    /** What closes an audio. */
    void stream(boolean sends) {
        sdp.line("a=ptime:20").line("a=rtcp-mux");
        if (sends) {
            sdp.line("a=msid:ringdown audio");
        }
        // RTCP has it in any direction; and Chromium, once it was taken away for a hold, is silent after its return.
        String ssrc = Integer.toUnsignedString(party.ssrc());
        sdp.line("a=ssrc:" + ssrc + " cname:" + party.cname());
    }

    /** ICE and DTLS, with our role in the handshake as {@code a=setup} has it. */
    void transport(IceParameters ours, String setup) {
        sdp.line("a=setup:" + setup)
                .line("a=fingerprint:" + party.fingerprint().text())
                .line("a=ice-ufrag:" + ours.ufrag())
                .line("a=ice-pwd:" + ours.password());
        for (int i = 0; i < party.candidates().size(); i++) {
            InetSocketAddress candidate = party.candidates().get(i);
            sdp.line("a=candidate:%d 1 udp %d %s %d typ host"
                    .formatted(i + 1, priority(i), address(candidate), candidate.getPort()));
        }
        for (int i = 0; i < party.passive().size(); i++) {
            InetSocketAddress candidate = party.passive().get(i);
            sdp.line("a=candidate:%d 1 tcp %d %s %d typ host tcptype passive"
                    .formatted(
                            party.candidates().size() + i + 1,
                            passivePriority(i),
                            address(candidate),
                            candidate.getPort()));
        }
        sdp.line("a=end-of-candidates");
    }

    private static String address(InetSocketAddress candidate) {
        return SdpText.connection(candidate.getAddress()).substring("IN IP4 ".length());
    }

    /**
     * Below UDP's by the preference of its type, of which RFC 6544 §4.2 says no more than that; then by the preference of its
     * direction, 4 of 7 for passive.
     */
    private static long passivePriority(int index) {
        return (90L << 24) | (((4L << 13) + (8_191L - index)) << 8) | 255L;
    }

    /** That of a host candidate of component 1 (RFC 8445 §5.1.2.1). */
    private static long priority(int index) {
        return (126L << 24) | ((65_535L - index) << 8) | 255L;
    }
}
