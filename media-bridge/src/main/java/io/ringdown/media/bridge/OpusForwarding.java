package io.ringdown.media.bridge;

import io.ringdown.media.codec.AudioDecoder;
import io.ringdown.media.codec.AudioEncoder;
import io.ringdown.media.rtp.RtpPacket;
import org.jspecify.annotations.Nullable;

/**
 * Opus to Opus: packets go on as they came, under a new header, whatever their length in time. In the place of a missing one
 * goes a packet without a frame, which tells the listener's decoder to conceal (RFC 6716 §3.2.1); silence is encoded.
 */
final class OpusForwarding implements SoundPath {
    private static final int TICKS_PER_MILLI = 48;
    private static final int MOST_BYTES = 1_500;
    private static final int LONG_TICKS = 20 * TICKS_PER_MILLI;
    private static final int SHORT_TICKS = 10 * TICKS_PER_MILLI;

    // RFC 6716 §3.1: the configuration and channels of a packet, without the two bits that count its frames.
    private static final int KIND = 0xFC;
    private static final int FRAMES = 0x03;
    private static final int LONGEST_DTX = 2; // nothing but the description of a frame
    private static final int SILK_10_MILLIS = 0x40; // wideband, mono
    private static final int SILK_20_MILLIS = 0x48;

    private final AudioDecoder framing;
    private final AudioEncoder encoder;
    private final RtpStream out;
    private final int ticksPerSample;
    private final short[] silence;
    private final byte[] packet = new byte[RtpPacket.HEADER_LENGTH + MOST_BYTES + RtpStream.HEADROOM];
    private int lastKind = SILK_20_MILLIS;
    private int lastTicks = LONG_TICKS;
    private boolean isMuted;
    private boolean isQuiet;

    /** The codecs stay the caller's. */
    OpusForwarding(Direction.Wiring wiring, Direction.Ends ends, RtpStream out) {
        this.framing = ends.decoder();
        this.encoder = ends.encoder();
        this.out = out;
        this.ticksPerSample = TICKS_PER_MILLI * 1_000 / wiring.rateIn();
        this.silence = new short[LONG_TICKS / ticksPerSample];
    }

    @Override
    public int ticksOf(byte[] buffer, int offset, int length) {
        return length == 0 ? -1 : framing.samplesOf(buffer, offset, length) * ticksPerSample;
    }

    @Override
    public void cameAt(long nanos) {
        out.cameAt(nanos);
    }

    @Override
    public void play(byte[] buffer, int offset, int length, int ticks) {
        isQuiet = length <= LONGEST_DTX;
        if (isMuted) {
            silence(ticks);
            return;
        }
        boolean isOneFrame = (buffer[offset] & FRAMES) == 0;
        lastKind = isOneFrame ? buffer[offset] & KIND : SILK_20_MILLIS;
        lastTicks = isOneFrame ? ticks : LONG_TICKS;
        if (buffer.length - offset - length >= RtpStream.HEADROOM) {
            out.audio(buffer, offset, length, ticks);
        } else {
            System.arraycopy(buffer, offset, packet, RtpPacket.HEADER_LENGTH, length);
            out.audio(packet, RtpPacket.HEADER_LENGTH, length, ticks);
        }
    }

    @Override
    public boolean playUnlessSilent(byte[] buffer, int offset, int length, int ticks) {
        isQuiet = length <= LONGEST_DTX;
        if (!isQuiet) {
            play(buffer, offset, length, ticks);
        }
        return !isQuiet;
    }

    @Override
    public void absorb(byte[] buffer, int offset, int length) {
        // The decoder that has a state is the listener's.
    }

    /** Always false: the copy goes on in its packet, and the listener's own decoder uses it. */
    @Override
    public boolean repair(byte[] buffer, int offset, int length, int ticks) {
        return false;
    }

    @Override
    public void conceal(int ticks) {
        if (isMuted) {
            silence(ticks);
        } else if (ticks == lastTicks) {
            missing(lastKind, ticks);
        } else {
            for (int left = ticks; left > 0; left -= piece(left)) {
                missing(piece(left) == LONG_TICKS ? SILK_20_MILLIS : SILK_10_MILLIS, piece(left));
            }
        }
    }

    @Override
    public void silence(int ticks) {
        for (int left = ticks; left > 0; left -= piece(left)) {
            own(silence, piece(left) == LONG_TICKS ? silence.length : silence.length / 2);
        }
    }

    @Override
    public void own(short[] sound, int samples) {
        int ticks = samples * ticksPerSample;
        int length = encoder.encode(sound, samples, packet, RtpPacket.HEADER_LENGTH, MOST_BYTES);
        if (length > 0) {
            out.audio(packet, RtpPacket.HEADER_LENGTH, length, ticks);
        } else {
            out.skip(ticks);
        }
    }

    @Override
    public void mute(boolean muted) {
        isMuted = muted;
    }

    @Override
    public boolean isQuiet() {
        return isQuiet;
    }

    @Override
    public void comfortNoise(int minusDbov) {
        isQuiet = true; // what is heard of it is what the encoder makes of silence
    }

    @Override
    public void protect(Protection protection) {
        // The far end's encoder is told by its own peer.
    }

    @Override
    public int tone(short[] tone, int samples, byte[] into, int at) {
        return encoder.encode(tone, samples, into, at, MOST_BYTES);
    }

    @Override
    public boolean tap(@Nullable PcmSink sink) {
        return false;
    }

    @Override
    public void leave() {
        // Neither codec can be where the streams are without having followed them; a listener's hears a change of
        // encoder.
    }

    private void missing(int kind, int ticks) {
        packet[RtpPacket.HEADER_LENGTH] = (byte) kind;
        out.audio(packet, RtpPacket.HEADER_LENGTH, 1, ticks);
    }

    private static int piece(int left) {
        return left >= LONG_TICKS ? LONG_TICKS : Math.min(left, SHORT_TICKS);
    }

    @Override
    public String toString() {
        return "";
    }
}
