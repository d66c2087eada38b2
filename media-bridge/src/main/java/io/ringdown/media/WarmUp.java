package io.ringdown.media;

import io.ringdown.media.codec.AudioCodec;
import io.ringdown.media.codec.AudioDecoder;
import io.ringdown.media.codec.AudioEncoder;
import io.ringdown.media.codec.Codecs;
import io.ringdown.media.dtls.DtlsAssociation;
import io.ringdown.media.dtls.DtlsFailure;
import io.ringdown.media.dtls.DtlsIdentity;
import io.ringdown.media.dtls.DtlsListener;
import io.ringdown.media.dtls.DtlsRole;
import io.ringdown.media.srtp.SrtpKeys;
import io.ringdown.media.srtp.SrtpProfile;
import io.ringdown.media.srtp.SrtpSession;
import java.util.List;
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
    private static final int RATE = 8_000;
    private static final int FRAME = 160;
    private static final long LONGEST_SECONDS = 10;

    private final DtlsIdentity identity;
    private final Codecs codecs;

    private WarmUp(DtlsIdentity identity, Codecs codecs) {
        this.identity = identity;
        this.codecs = codecs;
    }

    static Thread start(DtlsIdentity identity, Codecs codecs) {
        WarmUp warmUp = new WarmUp(identity, codecs);
        return Thread.ofPlatform().name("media-warm-up").daemon().start(warmUp::run);
    }

    private void run() {
        long begun = System.nanoTime();
        try {
            for (SrtpProfile profile : SrtpProfile.PREFERENCE) {
                packets(profile);
            }
            frames();
            for (int i = 0; i < HANDSHAKES; i++) {
                handshake();
            }
            LOG.debug("Warm after {} ms", (System.nanoTime() - begun) / 1_000_000);
        } catch (RuntimeException e) { // the calls will tell, if it was not chance
            LOG.warn("The first call will be slower than others: {}", e.toString());
        }
    }

    private void handshake() {
        End server = new End();
        End client = new End();
        try (DtlsAssociation a = new DtlsAssociation(identity, server);
                DtlsAssociation b = new DtlsAssociation(identity, client)) {
            server.peer = b;
            client.peer = a;
            a.start(DtlsRole.SERVER, List.of(identity.fingerprint()));
            b.start(DtlsRole.CLIENT, List.of(identity.fingerprint()));
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
        short[] pcm = new short[FRAME];
        byte[] packet = new byte[1_500];
        for (AudioCodec codec : AudioCodec.values()) {
            try (AudioEncoder encoder = codecs.encoder(codec, RATE);
                    AudioDecoder decoder = codecs.decoder(codec, RATE)) {
                for (int i = 0; i < 20; i++) {
                    int size = encoder.encode(pcm, FRAME, packet, 0, packet.length);
                    decoder.decode(packet, 0, size, pcm);
                }
            }
        }
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
