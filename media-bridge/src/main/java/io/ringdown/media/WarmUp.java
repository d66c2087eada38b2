package io.ringdown.media;

import io.ringdown.media.bridge.Bridge;
import io.ringdown.media.bridge.BridgeIdentity;
import io.ringdown.media.bridge.BridgeOutput;
import io.ringdown.media.bridge.BridgeSettings;
import io.ringdown.media.bridge.PacketSink;
import io.ringdown.media.codec.AudioCodec;
import io.ringdown.media.codec.AudioDecoder;
import io.ringdown.media.codec.AudioEncoder;
import io.ringdown.media.codec.Codecs;
import io.ringdown.media.dtls.DtlsAssociation;
import io.ringdown.media.dtls.DtlsFailure;
import io.ringdown.media.dtls.DtlsIdentity;
import io.ringdown.media.dtls.DtlsListener;
import io.ringdown.media.dtls.DtlsRole;
import io.ringdown.media.ice.IceLite;
import io.ringdown.media.ice.IcePath;
import io.ringdown.media.ice.StunRequest;
import io.ringdown.media.sdp.IceParameters;
import io.ringdown.media.sdp.SdpLimits;
import io.ringdown.media.sdp.TrunkFormat;
import io.ringdown.media.sdp.TrunkNegotiation;
import io.ringdown.media.sdp.TrunkParty;
import io.ringdown.media.sdp.WebFormat;
import io.ringdown.media.sdp.WebNegotiation;
import io.ringdown.media.sdp.WebParty;
import io.ringdown.media.srtp.SrtpCiphers;
import io.ringdown.media.srtp.SrtpKeys;
import io.ringdown.media.srtp.SrtpProfile;
import io.ringdown.media.srtp.SrtpSession;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does in memory, once, what a call does first, so that no caller waits for classes to load and natives to be found. Runs
 * beside the start on a thread of its own; a call in the meantime is right, only slower.
 */
final class WarmUp {
    private static final Logger LOG = LoggerFactory.getLogger(WarmUp.class);
    private static final int HANDSHAKES = 4;
    private static final int PACKETS = 200;
    private static final int FRAME = 160;
    private static final long LONGEST_SECONDS = 10;

    private static final String OFFER = """
            v=0
            o=- 1 1 IN IP4 127.0.0.1
            s=-
            t=0 0
            a=group:BUNDLE 0
            m=audio 9 UDP/TLS/RTP/SAVPF 111 0 110
            c=IN IP4 0.0.0.0
            a=ice-ufrag:warm
            a=ice-pwd:warmwarmwarmwarmwarmwarm
            a=fingerprint:OURS
            a=setup:actpass
            a=mid:0
            a=sendrecv
            a=rtcp-mux
            a=rtpmap:111 opus/48000/2
            a=fmtp:111 minptime=10;useinbandfec=1
            a=rtpmap:0 PCMU/8000
            a=rtpmap:110 telephone-event/48000
            """;

    /** RFC 5769 §2.1. */
    private static final byte[] SAMPLE_CHECK = HexFormat.of()
            .parseHex("000100582112a442b7e7a701bc34d686fa87dfae802200105354554e207465737420636c69656e74"
                    + "002400046e0001ff80290008932ff9b151263b36000600096576746a3a68367659202020"
                    + "000800149aeaa70cbfd8cb56781ef2b5b2d3f249c1b571a280280004e57a3bcf");

    private final CompletableFuture<DtlsIdentity> identity;
    private final Codecs codecs;

    private WarmUp(CompletableFuture<DtlsIdentity> identity, Codecs codecs) {
        this.identity = identity;
        this.codecs = codecs;
    }

    static Thread start(CompletableFuture<DtlsIdentity> identity, Codecs codecs) {
        WarmUp warmUp = new WarmUp(identity, codecs);
        return Thread.ofPlatform().name("media-warm-up").daemon().start(warmUp::run);
    }

    private void run() {
        long begun = System.nanoTime();
        try {
            for (SrtpProfile profile : SrtpProfile.SUITES) {
                packets(profile);
            }
            frames();
            check();
            descriptions();
            bridge();
            for (int i = 0; i < HANDSHAKES; i++) {
                handshake();
            }
            LOG.info(
                    "Media are warm after {} ms; AES by {}",
                    (System.nanoTime() - begun) / 1_000_000,
                    SrtpCiphers.describe());
        } catch (RuntimeException
                | LinkageError
                | SdpRejectedException e) { // the calls will tell, if it was not chance
            LOG.warn("The first call will be slower than others: {}", e.toString());
        }
    }

    private void handshake() {
        DtlsIdentity ours = identity.join();
        End server = new End();
        End client = new End();
        try (DtlsAssociation a = new DtlsAssociation(ours, server);
                DtlsAssociation b = new DtlsAssociation(ours, client)) {
            server.peer = b;
            client.peer = a;
            a.start(DtlsRole.SERVER, List.of(ours.fingerprint()));
            b.start(DtlsRole.CLIENT, List.of(ours.fingerprint()));
            client.keys.orTimeout(LONGEST_SECONDS, TimeUnit.SECONDS).join();
            server.keys.orTimeout(LONGEST_SECONDS, TimeUnit.SECONDS).join();
        }
    }

    private static void packets(SrtpProfile profile) {
        byte[] material = new byte[SrtpKeys.materialLength(profile)];
        byte[] packet = new byte[FRAME + 100];
        try (SrtpSession ours = new SrtpSession(SrtpKeys.of(profile, material, true));
                SrtpSession theirs = new SrtpSession(SrtpKeys.of(profile, material, false))) {
            for (int i = 0; i < PACKETS; i++) {
                packet[0] = (byte) 0x80;
                packet[2] = (byte) (i >> 8);
                packet[3] = (byte) i;
                theirs.open(packet, 0, ours.seal(packet, 0, FRAME));
                packet[1] = (byte) 200; // a sender report
                theirs.openControl(packet, 0, ours.sealControl(packet, 0, 28));
                packet[1] = 0;
            }
        }
    }

    private void frames() {
        short[] pcm = new short[2 * FRAME];
        byte[] packet = new byte[1_500];
        for (AudioCodec codec : AudioCodec.values()) {
            int rate = codec.sampleRate(AudioCodec.PCMU);
            try (AudioEncoder encoder = codecs.encoder(codec, rate);
                    AudioDecoder decoder = codecs.decoder(codec, rate)) {
                for (int i = 0; i < 20; i++) {
                    int size = encoder.encode(pcm, FRAME, packet, 0, packet.length);
                    decoder.decode(packet, 0, size, pcm);
                }
            }
        }
    }

    /** A check that is authentic and in conflict with our role: decoded, answered, and nothing follows from it. */
    private static void check() {
        IceLite ice = new IceLite(new IceParameters("evtj", "VOkJxbRl1RmTxUk/WvJxBt"));
        StunRequest request = new StunRequest();
        if (request.read(SAMPLE_CHECK, 0, SAMPLE_CHECK.length)) {
            ice.onRequest(request, new IcePath(new InetSocketAddress(InetAddress.getLoopbackAddress(), 9), 0), 0);
        }
    }

    private void descriptions() throws SdpRejectedException {
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 9);
        DtlsIdentity ours = identity.join();
        WebCodecs codecs = WebCodecs.one(List.of(AudioCodec.OPUS, AudioCodec.PCMU));
        WebParty party = new WebParty(codecs, 1, ours.fingerprint(), List.of(address), 1, "warm");
        new WebNegotiation(party, SdpLimits.defaults())
                .answer(
                        OFFER.replace("OURS", ours.fingerprint().text()).replace("\n", "\r\n"),
                        IceLite.fresh(new SecureRandom()));
        TrunkParty trunk = new TrunkParty(address.getAddress(), 20_000, 20_001, List.of(AudioCodec.PCMU), 1);
        TrunkNegotiation negotiation = new TrunkNegotiation(trunk, SdpLimits.defaults());
        negotiation.onAnswer(negotiation.offer());
    }

    private void bridge() {
        PacketSink nowhere = (buffer, offset, length) -> {};
        BridgeIdentity.Stream stream = new BridgeIdentity.Stream(1, 1, 1);
        BridgeIdentity one = new BridgeIdentity(stream, stream, "warm", 0);
        BridgeOutput output = new BridgeOutput(nowhere, nowhere, nowhere, nowhere);
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 9);
        try (Bridge bridge = new Bridge(codecs, BridgeSettings.defaults(), one, output, event -> {}, 0)) {
            bridge.web(new WebFormat(AudioCodec.OPUS, 111, OptionalInt.of(110), 48_000, 20), 0);
            bridge.trunk(new TrunkFormat(AudioCodec.PCMU, 0, OptionalInt.of(101), 20, address, address, true, true), 0);
            byte[] packet = new byte[1_500];
            for (int i = 0; i < PACKETS; i++) {
                long now = i * 20_000_000L;
                bridge.onTrunkRtp(packet, 0, rtp(packet, 0, i, 160, FRAME), now);
                bridge.onWebRtp(packet, 0, rtp(packet, 111, i, 960, 1), now);
                bridge.onTime(now);
            }
        }
    }

    private static int rtp(byte[] packet, int payloadType, int index, int step, int payload) {
        ByteBuffer.wrap(packet)
                .put((byte) 0x80)
                .put((byte) payloadType)
                .putShort((short) index)
                .putInt(index * step)
                .putInt(7)
                .put((byte) 0x08); // as Opus: 20 ms of silence
        return 12 + payload;
    }

    /** One end of a handshake in memory. */
    private static final class End implements DtlsListener {
        private final CompletableFuture<SrtpKeys> keys = new CompletableFuture<>();
        private volatile @Nullable DtlsAssociation peer;

        @Override
        public void onDatagram(byte[] datagram) {
            DtlsAssociation to = peer;
            if (to != null) {
                to.onDatagram(datagram, 0, datagram.length);
            }
        }

        @Override
        public void onKeys(SrtpKeys agreed) {
            keys.complete(agreed);
        }

        @Override
        public void onFailure(DtlsFailure failure) {
            keys.completeExceptionally(new IllegalStateException("handshake: " + failure));
        }

        @Override
        public void onClosed() {
            // the other end is done, and so are we
        }
    }
}
