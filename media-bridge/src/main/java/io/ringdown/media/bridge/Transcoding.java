package io.ringdown.media.bridge;

import io.ringdown.media.codec.AudioCodec;
import io.ringdown.media.codec.AudioDecoder;
import io.ringdown.media.codec.AudioEncoder;
import io.ringdown.media.codec.HalfBand;
import io.ringdown.media.rtp.RtpPacket;
import java.util.Arrays;

/**
 * Decodes to PCM, brings it to the other codec's rate where that is another, cuts it to the packet time of the other leg, and
 * encodes it.
 */
final class Transcoding implements SoundPath {
    private static final int LONGEST_MILLIS = 120; // RFC 6716 §3.2.5
    private static final int MOST_BYTES = 1_275; // RFC 6716 §3.4: no frame is longer

    private final AudioCodec from;
    private final AudioCodec to;
    private final AudioDecoder decoder;
    private final AudioEncoder encoder;
    private final RtpStream out;
    private final IncomingLevel level;
    private final HalfBand band = new HalfBand();
    private final int ticksPerMilli;
    private final int samplesPerMilli;
    private final int samplesPerMilliOut;
    private final int outTicks;
    private final short[] pcm;
    private final short[] resampled;
    private final short[] frame;
    private final byte[] packet = new byte[RtpPacket.HEADER_LENGTH + MOST_BYTES + RtpStream.HEADROOM];
    private int filled;
    private long cameAtNanos = RtpStream.NEVER;
    private boolean isMuted;

    /** The codecs stay the caller's. */
    Transcoding(Direction.Wiring wiring, Direction.Ends ends, RtpStream out, IncomingLevel level) {
        this.from = wiring.from();
        this.to = wiring.to();
        this.out = out;
        this.level = level;
        this.decoder = ends.decoder();
        this.encoder = ends.encoder();
        this.ticksPerMilli = from.clockRate() / 1_000;
        this.samplesPerMilli = wiring.rateIn() / 1_000;
        this.samplesPerMilliOut = wiring.rateOut() / 1_000;
        this.outTicks = to.clockRate() / 1_000 * wiring.ptimeMillis();
        this.pcm = new short[samplesPerMilli * LONGEST_MILLIS];
        this.resampled = isResampling() ? new short[samplesPerMilliOut * LONGEST_MILLIS] : pcm;
        this.frame = new short[samplesPerMilliOut * wiring.ptimeMillis()];
    }

    @Override
    public int ticksOf(byte[] buffer, int offset, int length) {
        int samples = length == 0 ? -1 : decoder.samplesOf(buffer, offset, length);
        return samples <= pcm.length ? samples * ticksPerMilli / samplesPerMilli : -1;
    }

    @Override
    public void play(byte[] buffer, int offset, int length, int ticks) {
        int samples = samples(ticks);
        if (decoder.decode(buffer, offset, length, pcm) == samples) {
            level.onPcm(pcm, samples);
        } else {
            concealed(samples);
        }
        push(samples);
        cameAtNanos = RtpStream.NEVER;
    }

    @Override
    public void cameAt(long nanos) {
        cameAtNanos = nanos;
    }

    @Override
    public void absorb(byte[] buffer, int offset, int length) {
        decoder.decode(buffer, offset, length, pcm);
    }

    @Override
    public boolean repair(byte[] buffer, int offset, int length, int ticks) {
        int samples = samples(ticks);
        boolean isRepaired = decoder.decodeFec(buffer, offset, length, pcm, samples) == samples;
        if (isRepaired) {
            push(samples);
        }
        return isRepaired;
    }

    @Override
    public void conceal(int ticks) {
        int samples = samples(ticks);
        concealed(samples);
        push(samples);
    }

    @Override
    public void silence(int ticks) {
        int samples = samples(ticks);
        Arrays.fill(pcm, 0, samples, (short) 0);
        push(samples);
    }

    @Override
    public void mute(boolean muted) {
        isMuted = muted;
    }

    @Override
    public void expectedLoss(int percent) {
        encoder.expectedLoss(percent);
    }

    @Override
    public void leave() {
        // Both codecs have followed every frame.
    }

    private void concealed(int samples) {
        if (decoder.conceal(pcm, samples) != samples) {
            Arrays.fill(pcm, 0, samples, (short) 0);
        }
    }

    private void push(int samples) {
        if (isMuted) {
            Arrays.fill(pcm, 0, samples, (short) 0);
        }
        int count = resample(samples);
        for (int taken = 0; taken < count; ) {
            out.cameAt(cameAtNanos);
            int part = Math.min(count - taken, frame.length - filled);
            System.arraycopy(resampled, taken, frame, filled, part);
            taken += part;
            filled += part;
            if (filled == frame.length) {
                filled = 0;
                send();
            }
        }
    }

    /** To {@link #resampled}, which is {@link #pcm} itself where the rates are the same. */
    private int resample(int samples) {
        if (!isResampling()) {
            return samples;
        }
        return samplesPerMilli > samplesPerMilliOut
                ? band.halve(pcm, samples, resampled)
                : band.twice(pcm, samples, resampled);
    }

    private boolean isResampling() {
        return samplesPerMilli != samplesPerMilliOut;
    }

    private int samples(int ticks) {
        return ticks * samplesPerMilli / ticksPerMilli;
    }

    private void send() {
        int length =
                out.wantsAudio() ? encoder.encode(frame, frame.length, packet, RtpPacket.HEADER_LENGTH, MOST_BYTES) : 0;
        if (length > 0) {
            out.audio(packet, RtpPacket.HEADER_LENGTH, length, outTicks);
        } else {
            out.skip(outTicks);
        }
    }

    @Override
    public String toString() {
        String resampling = isResampling() ? " -> " + samplesPerMilliOut + "k" : "";
        return " -> " + named(from, to) + resampling + " -> " + named(to, from);
    }

    /** The codec as chains name it: Opus with the rate it runs at beside the other. */
    static String named(AudioCodec codec, AudioCodec other) {
        return switch (codec) {
            case OPUS -> "Opus(" + codec.sampleRate(other) / 1_000 + "k)";
            case PCMU -> "Pcmu";
            case PCMA -> "Pcma";
            case G722 -> "G722";
        };
    }
}
