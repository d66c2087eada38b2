package io.ringdown.media.bridge;

import io.ringdown.media.codec.AudioCodec;
import io.ringdown.media.codec.AudioDecoder;
import io.ringdown.media.codec.AudioEncoder;
import io.ringdown.media.codec.Codecs;
import io.ringdown.media.rtp.RtpPacket;
import java.util.Arrays;
import java.util.Locale;

/** Decodes to PCM at the trunk's rate, cuts it to the packet time of the other leg, and encodes it. */
final class Transcoding implements SoundPath {
    private static final int SAMPLE_RATE = 8_000;
    private static final int LONGEST_SAMPLES = SAMPLE_RATE * 120 / 1_000; // RFC 6716 §3.2.5: 120 ms
    private static final int MOST_BYTES = 1_275; // RFC 6716 §3.4: no frame is longer
    private static final int LONGEST_DTX = 2; // RFC 6716 §3.1: nothing but the description of a frame

    // Often enough to find the pauses of speech, and nearly for nothing.
    private static final int NOISE_MEASURED_EVERY = 4;

    private final AudioCodec from;
    private final AudioCodec to;
    private final AudioDecoder decoder;
    private final AudioEncoder encoder;
    private final RtpStream out;
    private final int ticksPerSample;
    private final int outTicks;
    private final short[] pcm = new short[LONGEST_SAMPLES];
    private final short[] frame;
    private final byte[] packet =
            new byte[RtpPacket.HEADER_LENGTH + 2 * MOST_BYTES + RtpStream.HEADROOM]; // with a copy before the frame
    private final ComfortNoise noise = new ComfortNoise();
    private final Redundancy redundancy = new Redundancy();
    private int redPayloadType = Protection.NO_RED;
    private int filled;
    private int played;
    private boolean isMuted;
    private boolean isQuiet;
    private boolean isDtx;

    Transcoding(Codecs codecs, AudioCodec from, AudioCodec to, int ptimeMillis, RtpStream out) {
        this.from = from;
        this.to = to;
        this.out = out;
        this.decoder = codecs.decoder(from, SAMPLE_RATE);
        this.encoder = codecs.encoder(to, SAMPLE_RATE);
        this.ticksPerSample = from.clockRate() / SAMPLE_RATE;
        this.frame = new short[SAMPLE_RATE * ptimeMillis / 1_000];
        this.outTicks = to.clockRate() * ptimeMillis / 1_000;
    }

    @Override
    public int ticksOf(byte[] buffer, int offset, int length) {
        int samples = length == 0 ? -1 : decoder.samplesOf(buffer, offset, length);
        return samples <= LONGEST_SAMPLES ? samples * ticksPerSample : -1;
    }

    @Override
    public void play(byte[] buffer, int offset, int length, int ticks) {
        decode(buffer, offset, length, ticks);
        push(ticks / ticksPerSample);
    }

    @Override
    public boolean playUnlessSilent(byte[] buffer, int offset, int length, int ticks) {
        int samples = ticks / ticksPerSample;
        decode(buffer, offset, length, ticks);
        boolean isHeard = !noise.isQuiet(pcm, samples);
        if (isHeard) {
            push(samples);
        }
        return isHeard;
    }

    private void decode(byte[] buffer, int offset, int length, int ticks) {
        int samples = ticks / ticksPerSample;
        isDtx = from == AudioCodec.OPUS && length <= LONGEST_DTX;
        isQuiet = isDtx;
        if (decoder.decode(buffer, offset, length, pcm) != samples) {
            concealed(samples);
        } else if (!isQuiet && played++ % NOISE_MEASURED_EVERY == 0) {
            noise.onSound(pcm, samples, NOISE_MEASURED_EVERY);
        }
    }

    @Override
    public void absorb(byte[] buffer, int offset, int length) {
        decoder.decode(buffer, offset, length, pcm);
    }

    @Override
    public boolean repair(byte[] buffer, int offset, int length, int ticks) {
        int samples = ticks / ticksPerSample;
        boolean isRepaired = decoder.decodeFec(buffer, offset, length, pcm, samples) == samples;
        if (isRepaired) {
            push(samples);
        }
        return isRepaired;
    }

    @Override
    public void conceal(int ticks) {
        int samples = ticks / ticksPerSample;
        concealed(samples);
        push(samples);
    }

    @Override
    public void silence(int ticks) {
        int samples = ticks / ticksPerSample;
        if (isDtx) {
            concealed(samples); // Opus's decoder goes on with the noise that it has heard
        } else {
            noise.fill(pcm, samples);
        }
        push(samples);
    }

    @Override
    public boolean isQuiet() {
        return isQuiet;
    }

    @Override
    public void comfortNoise(int minusDbov) {
        isQuiet = true;
        noise.onTold(minusDbov);
    }

    @Override
    public void mute(boolean muted) {
        isMuted = muted;
    }

    @Override
    public void protect(Protection protection) {
        encoder.expectedLoss(protection.lossPercent());
        encoder.mostBitrate(protection.mostBitrate());
        redPayloadType = protection.redPayloadType();
        redundancy.forget();
    }

    @Override
    public void close() {
        decoder.close();
        encoder.close();
    }

    private void concealed(int samples) {
        if (decoder.conceal(pcm, samples) != samples) {
            Arrays.fill(pcm, 0, samples, (short) 0);
        }
    }

    private void push(int samples) {
        if (isMuted) {
            noise.fill(pcm, samples);
        }
        for (int taken = 0; taken < samples; ) {
            int part = Math.min(samples - taken, frame.length - filled);
            System.arraycopy(pcm, taken, frame, filled, part);
            taken += part;
            filled += part;
            if (filled == frame.length) {
                filled = 0;
                send();
            }
        }
    }

    private void send() {
        boolean isRed = redPayloadType != Protection.NO_RED;
        int at = RtpPacket.HEADER_LENGTH + (isRed ? redundancy.lengthAhead() : 0);
        int length = out.wantsAudio() ? encoder.encode(frame, frame.length, packet, at, MOST_BYTES) : 0;
        if (length <= 0) {
            redundancy.forget();
            out.skip(outTicks);
        } else if (isRed) {
            redundancy.complete(packet, RtpPacket.HEADER_LENGTH, out.payloadType(), outTicks, length);
            out.audio(redPayloadType, packet, RtpPacket.HEADER_LENGTH, at - RtpPacket.HEADER_LENGTH + length, outTicks);
        } else {
            out.audio(packet, RtpPacket.HEADER_LENGTH, length, outTicks);
        }
    }

    @Override
    public String toString() {
        return " -> " + named(from) + " -> " + named(to);
    }

    /** The codec as chains name it: Opus with the rate it runs at. */
    static String named(AudioCodec codec) {
        String name = codec.name().charAt(0) + codec.name().substring(1).toLowerCase(Locale.ROOT);
        return codec.clockRate() == SAMPLE_RATE ? name : name + "(8k)";
    }
}
