package io.ringdown.media.bridge;

import io.ringdown.media.codec.AudioCodec;
import io.ringdown.media.codec.AudioDecoder;
import io.ringdown.media.codec.AudioEncoder;
import io.ringdown.media.codec.Codecs;
import io.ringdown.media.rtp.RtpPacket;
import java.util.Arrays;

/**
 * G.711 to G.711, or G.722 to G.722, whose bytes are 125 µs each: a packet of the right length goes on in the buffer it came
 * in, under a new header, its bytes replaced by table where the laws differ; others are cut anew. PCM is met only where a frame
 * must be made up.
 */
final class ByteForwarding implements SoundPath {
    private static final int BYTE_RATE = 8_000;
    private static final int LONGEST_BYTES = BYTE_RATE * 120 / 1_000;

    // What a decoder wants to have heard to make up what follows: some periods of a voice, and time for G.722 to adapt.
    private static final int HISTORY_BYTES = BYTE_RATE * 60 / 1_000;

    private final AudioCodec from;
    private final AudioCodec to;
    private final AudioDecoder decoder;
    private final AudioEncoder encoder;
    private final RtpStream out;
    private final byte[] recode;
    private final byte silent;
    private final int frameBytes;
    private final byte[] packet;
    private final byte[] history = new byte[HISTORY_BYTES];
    private final int samplesPerByte;
    private final short[] pcm;
    private final byte[] made = new byte[LONGEST_BYTES];
    private int heardBytes;
    private boolean isConcealing;
    private int filled;
    private boolean isMuted;

    ByteForwarding(Codecs codecs, AudioCodec from, AudioCodec to, int ptimeMillis, RtpStream out) {
        this.from = from;
        this.to = to;
        this.out = out;
        int sampleRate = from.sampleRate(to);
        this.decoder = codecs.decoder(from, sampleRate);
        this.encoder = codecs.encoder(to, sampleRate);
        this.samplesPerByte = sampleRate / BYTE_RATE;
        this.pcm = new short[LONGEST_BYTES * samplesPerByte];
        this.recode = from == to ? new byte[0] : table(codecs, from, to);
        this.silent = silence();
        this.frameBytes = BYTE_RATE * ptimeMillis / 1_000;
        this.packet = new byte[RtpPacket.HEADER_LENGTH + frameBytes + RtpStream.HEADROOM];
    }

    /** What each byte of one law of G.711 is in the other. */
    static byte[] table(Codecs codecs, AudioCodec from, AudioCodec to) {
        byte[] bytes = new byte[256];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) i;
        }
        short[] linear = new short[bytes.length];
        byte[] table = new byte[bytes.length];
        try (AudioDecoder decoder = codecs.decoder(from, BYTE_RATE);
                AudioEncoder encoder = codecs.encoder(to, BYTE_RATE)) {
            decoder.decode(bytes, 0, bytes.length, linear);
            encoder.encode(linear, linear.length, table, 0, table.length);
        }
        return table;
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
        if (isMuted) {
            silence(length);
            return;
        }
        remember(buffer, offset, length);
        if (isConcealing) {
            isConcealing = false;
            int samples = decoder.decode(buffer, offset, length, pcm); // fades what was made up into what came
            encoder.encode(pcm, samples, made, 0, made.length);
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
    public void absorb(byte[] buffer, int offset, int length) {
        // The decoder's state is taken from the history when it is needed.
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
            int heard = decoder.decode(history, HISTORY_BYTES - heardBytes, heardBytes, pcm);
            encoder.encode(pcm, heard, made, 0, made.length); // G.722's goes on from where the listener's decoder is
        }
        int samples = ticks * samplesPerByte;
        if (decoder.conceal(pcm, samples) == samples && encoder.encode(pcm, samples, made, 0, made.length) == ticks) {
            push(made, 0, ticks);
        } else {
            silence(ticks);
        }
    }

    @Override
    public void silence(int ticks) {
        Arrays.fill(made, 0, ticks, silent);
        push(made, 0, ticks);
    }

    @Override
    public void mute(boolean muted) {
        isMuted = muted;
    }

    @Override
    public void expectedLoss(int percent) {
        // Neither can protect its packets.
    }

    @Override
    public void close() {
        decoder.close();
        encoder.close();
    }

    /** The byte that silence settles on. */
    private byte silence() {
        encoder.encode(pcm, pcm.length, made, 0, made.length);
        return made[made.length - 1];
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
        return from == to ? "" : " -> " + Transcoding.named(from, to) + " -> " + Transcoding.named(to, from);
    }
}
