package io.ringdown.media.bridge;

import io.ringdown.media.codec.AudioCodec;
import io.ringdown.media.codec.AudioDecoder;
import io.ringdown.media.codec.AudioEncoder;
import io.ringdown.media.codec.Codecs;
import io.ringdown.media.rtp.RtpPacket;

/**
 * G.711 to G.711: a packet of the right length goes on in the buffer it came in, under a new header, its bytes replaced by
 * table where the laws differ; others are cut anew. PCM is met only where a frame must be made up.
 */
final class G711Forwarding implements SoundPath {
    private static final int SAMPLE_RATE = 8_000;
    private static final int LONGEST_BYTES = SAMPLE_RATE * 120 / 1_000;

    // What a decoder wants to have heard to make up what follows: some periods of a voice.
    private static final int HISTORY_BYTES = SAMPLE_RATE * 40 / 1_000;

    // Often enough to find the pauses of speech, and nearly for nothing.
    private static final int NOISE_MEASURED_EVERY = 4;

    private final AudioCodec from;
    private final AudioCodec to;
    private final AudioDecoder decoder;
    private final AudioEncoder encoder;
    private final RtpStream out;
    private final byte[] recode;
    private final short[] linear;
    private final int frameBytes;
    private final byte[] packet;
    private final byte[] history = new byte[HISTORY_BYTES];
    private final short[] pcm = new short[LONGEST_BYTES];
    private final byte[] made = new byte[LONGEST_BYTES];
    private int heardBytes;
    private boolean isConcealing;
    private final ComfortNoise noise = new ComfortNoise();
    private int filled;
    private int played;
    private boolean isMuted;
    private boolean isQuiet;

    G711Forwarding(Codecs codecs, AudioCodec from, AudioCodec to, int ptimeMillis, RtpStream out) {
        this.from = from;
        this.to = to;
        this.out = out;
        this.decoder = codecs.decoder(from, SAMPLE_RATE);
        this.encoder = codecs.encoder(to, SAMPLE_RATE);
        this.recode = from == to ? new byte[0] : table(codecs, from, to);
        this.linear = linear(codecs, from);
        this.frameBytes = SAMPLE_RATE * ptimeMillis / 1_000;
        this.packet = new byte[RtpPacket.HEADER_LENGTH + frameBytes + RtpStream.HEADROOM];
    }

    /** What each byte of one law is in the other. */
    static byte[] table(Codecs codecs, AudioCodec from, AudioCodec to) {
        byte[] table = new byte[256];
        try (AudioEncoder encoder = codecs.encoder(to, SAMPLE_RATE)) {
            encoder.encode(linear(codecs, from), table.length, table, 0, table.length);
        }
        return table;
    }

    /** What each byte of a law stands for. */
    private static short[] linear(Codecs codecs, AudioCodec law) {
        byte[] bytes = new byte[256];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) i;
        }
        short[] linear = new short[bytes.length];
        try (AudioDecoder decoder = codecs.decoder(law, SAMPLE_RATE)) {
            decoder.decode(bytes, 0, bytes.length, linear);
        }
        return linear;
    }

    /** Replaces bytes of one law by those of the other, in place. */
    static void recode(byte[] table, byte[] buffer, int offset, int length) {
        for (int i = offset; i < offset + length; i++) {
            buffer[i] = table[buffer[i] & 0xFF];
        }
    }

    @Override
    public int ticksOf(byte[] buffer, int offset, int length) {
        return length <= LONGEST_BYTES ? length : -1;
    }

    @Override
    public void play(byte[] buffer, int offset, int length, int ticks) {
        isQuiet = false;
        if (played++ % NOISE_MEASURED_EVERY == 0) {
            toLinear(buffer, offset, length);
            noise.onSound(pcm, length, NOISE_MEASURED_EVERY);
        }
        if (isMuted) {
            silence(length);
            return;
        }
        remember(buffer, offset, length);
        if (isConcealing) {
            isConcealing = false;
            decoder.decode(buffer, offset, length, pcm); // fades what was made up into what came
            encoder.encode(pcm, length, made, 0, made.length);
            push(made, 0, length);
            return;
        }
        if (recode.length > 0) {
            recode(recode, buffer, offset, length);
        }
        boolean isWhole = filled == 0 && length == frameBytes;
        if (isWhole && buffer.length - offset - length >= RtpStream.HEADROOM) {
            out.audio(buffer, offset, length, length);
        } else {
            push(buffer, offset, length);
        }
    }

    @Override
    public boolean playUnlessSilent(byte[] buffer, int offset, int length, int ticks) {
        toLinear(buffer, offset, length);
        boolean isHeard = !noise.isQuiet(pcm, length);
        if (isHeard) {
            play(buffer, offset, length, ticks);
        }
        return isHeard;
    }

    @Override
    public void absorb(byte[] buffer, int offset, int length) {
        // G.711 has no state.
    }

    @Override
    public boolean repair(byte[] buffer, int offset, int length, int ticks) {
        return false;
    }

    @Override
    public void conceal(int ticks) {
        if (isMuted || heardBytes == 0) {
            silence(ticks);
            return;
        }
        if (!isConcealing) {
            isConcealing = true;
            decoder.decode(history, HISTORY_BYTES - heardBytes, heardBytes, pcm);
        }
        if (decoder.conceal(pcm, ticks) == ticks && encoder.encode(pcm, ticks, made, 0, made.length) == ticks) {
            push(made, 0, ticks);
        } else {
            silence(ticks);
        }
    }

    @Override
    public void silence(int ticks) {
        noise.fill(pcm, ticks);
        encoder.encode(pcm, ticks, made, 0, made.length);
        push(made, 0, ticks);
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
        // G.711 cannot protect its packets.
    }

    @Override
    public void close() {
        decoder.close();
        encoder.close();
    }

    private void toLinear(byte[] buffer, int offset, int length) {
        for (int i = 0; i < length; i++) {
            pcm[i] = linear[buffer[offset + i] & 0xFF];
        }
    }

    private void remember(byte[] buffer, int offset, int length) {
        int kept = Math.min(length, HISTORY_BYTES);
        System.arraycopy(history, kept, history, 0, HISTORY_BYTES - kept);
        System.arraycopy(buffer, offset + length - kept, history, HISTORY_BYTES - kept, kept);
        heardBytes = Math.min(heardBytes + kept, HISTORY_BYTES);
    }

    private void push(byte[] bytes, int offset, int length) {
        for (int taken = 0; taken < length; ) {
            int part = Math.min(length - taken, frameBytes - filled);
            System.arraycopy(bytes, offset + taken, packet, RtpPacket.HEADER_LENGTH + filled, part);
            taken += part;
            filled += part;
            if (filled == frameBytes) {
                filled = 0;
                out.audio(packet, RtpPacket.HEADER_LENGTH, frameBytes, frameBytes);
            }
        }
    }

    @Override
    public String toString() {
        return from == to ? "" : " -> " + Transcoding.named(from) + " -> " + Transcoding.named(to);
    }
}
