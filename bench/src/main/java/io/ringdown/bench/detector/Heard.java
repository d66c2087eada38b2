package io.ringdown.bench.detector;

import io.ringdown.dtmf.Digit;
import io.ringdown.dtmf.Presses;
import io.ringdown.dtmf.ToneDetector;
import io.ringdown.media.codec.AudioCodec;
import io.ringdown.media.codec.AudioDecoder;
import io.ringdown.media.codec.AudioEncoder;
import io.ringdown.media.codec.Codecs;
import io.ringdown.media.codec.OpusSettings;
import java.util.ArrayList;
import java.util.List;

/** The presses that the detector heard in a sound after G.711, in frames of 20 ms. One thread. */
final class Heard implements Presses {
    private static final Codecs CODECS = Codecs.load(OpusSettings.defaults());
    private static final long FRAME_NANOS = 20_000_000;

    private final List<Press> presses = new ArrayList<>();
    private long told;

    /** One press; {@code told} is when. */
    record Press(Digit digit, long toldNanos, long lengthNanos) {}

    /** Takes what stays of the last frame away from the sound, so that it is whole frames. */
    static List<Press> in(double[] sound, AudioCodec law) {
        return in(coded(Sounds.rounded(sound), law));
    }

    static List<Press> in(short[] pcm) {
        Heard heard = new Heard();
        ToneDetector detector = new ToneDetector(Sounds.RATE, heard);
        long now = 0;
        for (int at = 0; at + Sounds.FRAME <= pcm.length; at += Sounds.FRAME) {
            now += FRAME_NANOS;
            detector.onFrame(pcm, at, Sounds.FRAME, now);
        }
        detector.close(now);
        return heard.presses;
    }

    /** What the other end of a line by this law hears. */
    static short[] coded(short[] pcm, AudioCodec law) {
        byte[] packet = new byte[pcm.length];
        short[] coded = new short[pcm.length];
        try (AudioEncoder encoder = CODECS.encoder(law, Sounds.RATE);
                AudioDecoder decoder = CODECS.decoder(law, Sounds.RATE)) {
            encoder.encode(pcm, pcm.length, packet, 0, packet.length);
            decoder.decode(packet, 0, packet.length, coded);
        }
        return coded;
    }

    @Override
    public void onPressStarted(long press, Digit digit, long now) {
        told = now;
    }

    @Override
    public void onPressGrown(long press, long lengthNanos, long now) {
        // the end tells all
    }

    @Override
    public void onPressEnded(long press, Digit digit, long lengthNanos, long now) {
        presses.add(new Press(digit, told, lengthNanos));
    }
}
