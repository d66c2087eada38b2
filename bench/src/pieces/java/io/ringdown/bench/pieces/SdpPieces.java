package io.ringdown.bench.pieces;

import io.ringdown.media.SdpRejectedException;
import io.ringdown.media.codec.AudioCodec;
import io.ringdown.media.sdp.Fingerprint;
import io.ringdown.media.sdp.IceParameters;
import io.ringdown.media.sdp.SdpLimits;
import io.ringdown.media.sdp.TrunkFormat;
import io.ringdown.media.sdp.TrunkNegotiation;
import io.ringdown.media.sdp.TrunkParty;
import io.ringdown.media.sdp.WebAnswer;
import io.ringdown.media.sdp.WebNegotiation;
import io.ringdown.media.sdp.WebParty;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** The SDP of a call: a browser's offer answered, a trunk's answer taken. */
@State(Scope.Thread)
public class SdpPieces {
    private static final String OFFER = String.join(
            "\r\n",
            "v=0",
            "o=- 3518346784 2 IN IP4 127.0.0.1",
            "s=-",
            "t=0 0",
            "a=group:BUNDLE 0",
            "a=extmap-allow-mixed",
            "a=msid-semantic: WMS s",
            "m=audio 9 UDP/TLS/RTP/SAVPF 111 63 9 0 8 13 110 126",
            "c=IN IP4 0.0.0.0",
            "a=rtcp:9 IN IP4 0.0.0.0",
            "a=ice-ufrag:abcd",
            "a=ice-pwd:abcdefghijklmnopqrstuvwx",
            "a=ice-options:trickle",
            "a=fingerprint:sha-256 00:01:02:03:04:05:06:07:08:09:0A:0B:0C:0D:0E:0F:10:11:12:13:14:15:16:17:18:19:1A:1B:1C:1D:1E:1F",
            "a=setup:actpass",
            "a=mid:0",
            "a=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level",
            "a=extmap:2 urn:ietf:params:rtp-hdrext:sdes:mid",
            "a=sendrecv",
            "a=msid:s t",
            "a=rtcp-mux",
            "a=rtcp-rsize",
            "a=rtpmap:111 opus/48000/2",
            "a=rtcp-fb:111 transport-cc",
            "a=fmtp:111 minptime=10;useinbandfec=1",
            "a=rtpmap:63 red/48000/2",
            "a=fmtp:63 111/111",
            "a=rtpmap:9 G722/8000",
            "a=rtpmap:0 PCMU/8000",
            "a=rtpmap:8 PCMA/8000",
            "a=rtpmap:13 CN/8000",
            "a=rtpmap:110 telephone-event/48000",
            "a=rtpmap:126 telephone-event/8000",
            "a=ssrc:1234 cname:c",
            "");
    private static final String ANSWER = String.join(
            "\r\n",
            "v=0",
            "o=carrier 1 1 IN IP4 127.0.0.1",
            "s=-",
            "c=IN IP4 127.0.0.1",
            "t=0 0",
            "m=audio 20000 RTP/AVP 0 101",
            "a=rtpmap:0 PCMU/8000",
            "a=rtpmap:101 telephone-event/8000",
            "a=fmtp:101 0-15",
            "a=ptime:20",
            "");

    private final InetAddress here = InetAddress.getLoopbackAddress();
    private final WebParty web = new WebParty(
            List.of(AudioCodec.OPUS, AudioCodec.PCMU),
            1,
            Fingerprint.of(Fingerprint.Hash.SHA_256, new byte[] {1}),
            List.of(new InetSocketAddress(here, 10_000)),
            7,
            "cname");
    private final TrunkParty trunk = new TrunkParty(here, 20_000, 20_001, List.of(AudioCodec.PCMU), 1);
    private final IceParameters fresh = new IceParameters("ufrag", "abcdefghijklmnopqrstuvwx");

    @Benchmark
    public WebAnswer answerABrowser() throws SdpRejectedException {
        return new WebNegotiation(web, SdpLimits.defaults()).answer(OFFER, fresh);
    }

    @Benchmark
    public TrunkFormat offerToATrunkAndTakeItsAnswer() throws SdpRejectedException {
        TrunkNegotiation negotiation = new TrunkNegotiation(trunk, SdpLimits.defaults());
        if (negotiation.offer().isEmpty()) {
            throw new IllegalStateException("no offer");
        }
        return negotiation.onAnswer(ANSWER);
    }
}
