package io.ringdown.bench;

import io.ringdown.media.codec.AudioCodec;
import io.ringdown.media.codec.AudioEncoder;
import io.ringdown.media.codec.Codecs;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** A second of sound in frames of 20 ms, as Opus and as G.711, and the RTP that carries it. One thread at a time. */
final class CostFrames {
    static final int OPUS_TYPE = 111;
    static final int LAW_TYPE = 0;

    /** The packet that was made last, with room to seal it. */
    final byte[] packet = new byte[1_500];

    private final byte[][] opus = new byte[50][];
    private final byte[] law = new byte[160];

    CostFrames(Codecs codecs) {
        try (AudioEncoder encoder = codecs.encoder(AudioCodec.OPUS, 16_000)) {
            for (int i = 0; i < opus.length; i++) {
                short[] pcm = new short[320];
                for (int k = 0; k < pcm.length; k++) {
                    pcm[k] = (short) (6_000 * Math.sin(0.06 * (i * 320 + k)) * Math.sin(0.0007 * (i * 320 + k)));
                }
                opus[i] = Arrays.copyOf(packet, encoder.encode(pcm, pcm.length, packet, 0, packet.length));
            }
        }
        for (int i = 0; i < law.length; i++) {
            law[i] = (byte) (i * 7);
        }
    }

    static int type(AudioCodec codec) {
        return codec == AudioCodec.OPUS ? OPUS_TYPE : LAW_TYPE;
    }

    /** Makes the packet of this number; answers its length. */
    int rtp(AudioCodec codec, int number) {
        byte[] payload = codec == AudioCodec.OPUS ? opus[number % opus.length] : law;
        ByteBuffer.wrap(packet)
                .put((byte) 0x80)
                .put((byte) type(codec))
                .putShort((short) number)
                .putInt(number * (codec.clockRate() / 50))
                .putInt(7)
                .put(payload);
        return 12 + payload.length;
    }
}
