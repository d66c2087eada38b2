package io.ringdown.media.bridge;

import io.ringdown.media.codec.AudioCodec;
import io.ringdown.media.codec.AudioDecoder;
import io.ringdown.media.codec.AudioEncoder;
import io.ringdown.media.codec.HalfBand;
import io.ringdown.media.codec.Workspace;
import io.ringdown.media.rtp.RtpPacket;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Decodes to PCM, brings it to the other codec's rate where that is another, cuts it to the packet time of the other leg, and
 * encodes it.
 */
final class Transcoding implements SoundPath {
    private static final int LONGEST_MILLIS = 120; // RFC 6716 §3.2.5
    private static final int MOST_BYTES = 1_275; // RFC 6716 §3.4: no frame is longer
    private static final int BRIDGED_MILLIS = 20; // what a mix keeps of a sound before it plays it
    private static final int LONGEST_DTX = 2; // RFC 6716 §3.1: nothing but the description of a frame

    // Often enough to find the pauses of speech, and nearly for nothing.
    private static final int NOISE_MEASURED_EVERY = 4;

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
    private final byte[] packet;
    private final int mostSamples;
    private final ComfortNoise noise = new ComfortNoise();
    private final Redundancy redundancy = new Redundancy();
    private int redPayloadType = Protection.NO_RED;
    private int filled;
    private int played;
    private long cameAtNanos = RtpStream.NEVER;
    private boolean isMuted;
    private boolean isQuiet;
    private boolean isDtx;
    private @Nullable PcmSink tap;
    private @Nullable Mixing mixing;

    /** The codecs stay the caller's. */
    Transcoding(Direction.Wiring wiring, Workspace workspace, Direction.Ends ends, RtpStream out, IncomingLevel level) {
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
        this.mostSamples = samplesPerMilli * LONGEST_MILLIS;
        this.pcm = workspace.pcm();
        this.resampled = isResampling() ? workspace.resampled() : pcm;
        this.packet = workspace.packet();
        this.frame = new short[samplesPerMilliOut * wiring.ptimeMillis()];
    }

    @Override
    public int ticksOf(byte[] buffer, int offset, int length) {
        int samples = length == 0 ? -1 : decoder.samplesOf(buffer, offset, length);
        return samples <= mostSamples ? samples * ticksPerMilli / samplesPerMilli : -1;
    }

    @Override
    public void play(byte[] buffer, int offset, int length, int ticks) {
        decode(buffer, offset, length, ticks);
        push(samples(ticks));
        cameAtNanos = RtpStream.NEVER;
    }

    @Override
    public boolean playUnlessSilent(byte[] buffer, int offset, int length, int ticks) {
        decode(buffer, offset, length, ticks);
        boolean isHeard = !noise.isQuiet(pcm, samples(ticks));
        if (isHeard) {
            push(samples(ticks));
        }
        cameAtNanos = RtpStream.NEVER;
        return isHeard;
    }

    private void decode(byte[] buffer, int offset, int length, int ticks) {
        int samples = samples(ticks);
        isDtx = from == AudioCodec.OPUS && length <= LONGEST_DTX;
        isQuiet = isDtx;
        if (decoder.decode(buffer, offset, length, pcm) != samples) {
            concealed(samples);
            return;
        }
        level.onPcm(pcm, samples);
        if (!isQuiet && played++ % NOISE_MEASURED_EVERY == 0) {
            noise.onSound(pcm, samples, NOISE_MEASURED_EVERY);
        }
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
        redPayloadType = to == AudioCodec.OPUS ? protection.redPayloadType() : Protection.NO_RED;
        redundancy.forget();
    }

    @Override
    public int tone(short[] tone, int samples, byte[] into, int at) {
        return encoder.encode(tone, samples, into, at, MOST_BYTES);
    }

    @Override
    public void own(short[] sound, int samples) {
        leave(sound, samples);
    }

    /** All that would leave goes there from here on, and what is made of it comes back by {@link #mixed}; null for nowhere. */
    void mixedBy(@Nullable Mixing by) {
        mixing = by;
        if (by != null && !isMuted) { // what is on its way there sounds like what came before
            concealed(samplesPerMilli * BRIDGED_MILLIS);
            leave(resampled, resample(samplesPerMilli * BRIDGED_MILLIS));
        }
    }

    /** What was mixed leaves. */
    void mixed(short[] sound, int samples) {
        cut(sound, samples);
    }

    /** What is heard where nothing is said, at the rate of what goes out. */
    void quiet(short[] into, int samples) {
        noise.fill(into, samples);
    }

    private void leave(short[] sound, int samples) {
        Mixing to = mixing;
        if (to == null) {
            cut(sound, samples);
        } else {
            to.onPcm(sound, samples);
        }
    }

    @Override
    public boolean tap(@Nullable PcmSink sink) {
        tap = sink;
        return true;
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
        PcmSink tapping = tap;
        if (tapping != null) {
            tapping.onPcm(pcm, samples);
        }
        if (isMuted) {
            noise.fill(pcm, samples);
        }
        leave(resampled, resample(samples));
    }

    /** Cuts PCM at the rate of what goes out into frames, and sends those that are full. */
    private void cut(short[] from, int count) {
        for (int taken = 0; taken < count; ) {
            out.cameAt(cameAtNanos);
            int part = Math.min(count - taken, frame.length - filled);
            System.arraycopy(from, taken, frame, filled, part);
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
