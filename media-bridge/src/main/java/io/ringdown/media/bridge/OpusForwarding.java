package io.ringdown.media.bridge;

import io.ringdown.media.codec.AudioCodec;
import io.ringdown.media.codec.AudioDecoder;
import io.ringdown.media.codec.AudioEncoder;
import io.ringdown.media.codec.Codecs;
import io.ringdown.media.rtp.RtpPacket;

/**
 * Opus to Opus: packets go on as they came, under a new header, whatever their length in time. In the place of a missing one
 * goes a packet without a frame, which tells the listener's decoder to conceal (RFC 6716 §3.2.1); in the place of silence goes
 * one that was encoded before.
 */
final class OpusForwarding implements SoundPath {
    private static final int TICKS_PER_MILLI = 48;
    private static final int MOST_BYTES = 1_500;
    private static final int LONGEST_TICKS = 120 * TICKS_PER_MILLI; // RFC 6716 §3.2.5
    private static final int LONG_TICKS = 20 * TICKS_PER_MILLI;
    private static final int SHORT_TICKS = 10 * TICKS_PER_MILLI;

    // RFC 6716 §3.1: the configuration and channels of a packet; without the two bits that count its frames.
    private static final int KIND = 0xFC;
    private static final int SILK_10_MILLIS = 0x40; // wideband, mono
    private static final int SILK_20_MILLIS = 0x48;

    private final AudioDecoder framing;
    private final RtpStream out;
    private final byte[] packet = new byte[RtpPacket.HEADER_LENGTH + MOST_BYTES + RtpStream.HEADROOM];
    private final byte[] shortSilence;
    private final byte[] longSilence;
    private int lastKind = SILK_20_MILLIS;
    private int lastTicks = LONG_TICKS;
    private boolean isMuted;

    OpusForwarding(Codecs codecs, RtpStream out) {
        this.out = out;
        this.framing = codecs.decoder(AudioCodec.OPUS, rate());
        this.shortSilence = silence(codecs, SHORT_TICKS);
        this.longSilence = silence(codecs, LONG_TICKS);
    }

    @Override
    public int ticksOf(byte[] buffer, int offset, int length) {
        int samples = length == 0 ? -1 : framing.samplesOf(buffer, offset, length);
        return samples * (TICKS_PER_MILLI * 1_000 / rate());
    }

    @Override
    public void play(byte[] buffer, int offset, int length, int ticks) {
        if (isMuted) {
            silence(ticks);
            return;
        }
        boolean isOneFrame = (buffer[offset] & ~KIND & 3) == 0;
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
    public void absorb(byte[] buffer, int offset, int length) {
        // The decoder with a state is the listener's.
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
            send(lastKind, ticks);
        } else {
            for (int left = ticks; left > 0; left -= piece(left)) {
                send(piece(left) == LONG_TICKS ? SILK_20_MILLIS : SILK_10_MILLIS, piece(left));
            }
        }
    }

    @Override
    public void silence(int ticks) {
        for (int left = ticks; left > 0; left -= piece(left)) {
            byte[] silent = piece(left) == LONG_TICKS ? longSilence : shortSilence;
            System.arraycopy(silent, 0, packet, RtpPacket.HEADER_LENGTH, silent.length);
            out.audio(packet, RtpPacket.HEADER_LENGTH, silent.length, piece(left));
        }
    }

    @Override
    public void mute(boolean muted) {
        isMuted = muted;
    }

    @Override
    public void expectedLoss(int percent) {
        // The far end's encoder is told by its own peer.
    }

    @Override
    public void close() {
        framing.close();
    }

    private void send(int kind, int ticks) {
        packet[RtpPacket.HEADER_LENGTH] = (byte) kind;
        out.audio(packet, RtpPacket.HEADER_LENGTH, 1, ticks);
    }

    private static int piece(int left) {
        return left >= LONG_TICKS ? LONG_TICKS : Math.min(left, SHORT_TICKS);
    }

    /** What an encoder settles on when it hears nothing. */
    private static byte[] silence(Codecs codecs, int ticks) {
        short[] pcm = new short[ticks / TICKS_PER_MILLI * rate() / 1_000];
        byte[] bytes = new byte[MOST_BYTES];
        int length = 0;
        try (AudioEncoder encoder = codecs.encoder(AudioCodec.OPUS, rate())) {
            for (int heard = 0; heard < LONGEST_TICKS; heard += ticks) {
                length = encoder.encode(pcm, pcm.length, bytes, 0, bytes.length);
            }
        }
        return java.util.Arrays.copyOf(bytes, length);
    }

    private static int rate() {
        return AudioCodec.OPUS.sampleRate(AudioCodec.G722);
    }

    @Override
    public String toString() {
        return "";
    }
}
