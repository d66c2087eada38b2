package io.ringdown.media.bridge;

import io.ringdown.media.codec.AudioCodec;
import io.ringdown.media.codec.AudioDecoder;
import io.ringdown.media.codec.AudioEncoder;
import io.ringdown.media.codec.Codecs;
import io.ringdown.media.rtp.RtpPacket;
import org.jspecify.annotations.Nullable;

/**
 * G.711 to G.711, or G.722 to G.722, whose bytes are 125 µs each: a packet of the right length goes on in the buffer it came
 * in, under a new header, its bytes replaced by table where the laws differ; others are cut anew. PCM is met only where a frame
 * must be made up, and for G.722, whose decoders follow their encoder, some frames beyond: what the listener hears is ours
 * until both speak of the same sound.
 */
final class ByteForwarding implements SoundPath {
    private static final int BYTE_RATE = 8_000;
    private static final int LONGEST_BYTES = BYTE_RATE * 120 / 1_000;

    // What a decoder wants to have heard to make up what follows: some periods of a voice.
    private static final int VOICE_BYTES = BYTE_RATE * 40 / 1_000;

    // G.722 forgets with a time constant of 32 ms.
    private static final int ADAPTING_BYTES = BYTE_RATE * 100 / 1_000;

    // Often enough to find the pauses of speech, and nearly for nothing.
    private static final int NOISE_MEASURED_EVERY = 4;

    private final AudioCodec from;
    private final AudioCodec to;
    private final AudioDecoder decoder;
    private final AudioEncoder encoder;
    private final RtpStream out;
    private final IncomingLevel level;
    private final boolean isAdaptive;
    private final int samplesPerByte;
    private final byte[] recode;
    private final short[] linear;
    private final int frameBytes;
    private final byte[] packet;
    private final byte[] history;
    private final short[] pcm;
    private final byte[] made = new byte[LONGEST_BYTES];
    private final ComfortNoise noise =
            new ComfortNoise(); // of G.711; G.722 is not decoded while it goes straight through
    private int heardBytes;
    private boolean isEncoding;
    private int encodingBytes;
    private int filled;
    private int played;
    private long cameAtNanos = RtpStream.NEVER;
    private boolean isMuted;
    private boolean isQuiet;

    /** The codecs stay the caller's; they are where the streams are, as they are again after {@link #leave}. */
    ByteForwarding(Direction.Wiring wiring, Codecs codecs, Direction.Ends ends, RtpStream out, IncomingLevel level) {
        this.from = wiring.from();
        this.to = wiring.to();
        this.decoder = ends.decoder();
        this.encoder = ends.encoder();
        this.out = out;
        this.level = level;
        this.isAdaptive = !from.isG711();
        this.samplesPerByte = wiring.rateIn() / BYTE_RATE;
        this.recode = from == to ? new byte[0] : table(codecs, from, to);
        this.linear = isAdaptive ? new short[0] : linear(codecs, from);
        this.frameBytes = BYTE_RATE * wiring.ptimeMillis() / 1_000;
        this.packet = new byte[RtpPacket.HEADER_LENGTH + frameBytes + RtpStream.HEADROOM];
        this.history = new byte[isAdaptive ? ADAPTING_BYTES : VOICE_BYTES];
        this.pcm = new short[LONGEST_BYTES * samplesPerByte];
        this.isEncoding = isAdaptive;
        this.encodingBytes = ADAPTING_BYTES;
    }

    /** What each byte of one law of G.711 is in the other. */
    static byte[] table(Codecs codecs, AudioCodec from, AudioCodec to) {
        byte[] table = new byte[256];
        try (AudioEncoder encoder = codecs.encoder(to, BYTE_RATE)) {
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
        try (AudioDecoder decoder = codecs.decoder(law, BYTE_RATE)) {
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
    public void cameAt(long nanos) {
        cameAtNanos = nanos;
    }

    @Override
    public void play(byte[] buffer, int offset, int length, int ticks) {
        level.onBytes(buffer, offset, length);
        isQuiet = false;
        if (!isAdaptive && played++ % NOISE_MEASURED_EVERY == 0) {
            toLinear(buffer, offset, length);
            noise.onSound(pcm, length, NOISE_MEASURED_EVERY);
        }
        forward(buffer, offset, length);
        cameAtNanos = RtpStream.NEVER;
    }

    private void forward(byte[] buffer, int offset, int length) {
        if (isMuted) {
            absorb(buffer, offset, length);
            silence(length);
            return;
        }
        remember(buffer, offset, length);
        if (isEncoding) {
            int samples = decoder.decode(buffer, offset, length, pcm); // fades what was made up into what came
            if (out.wantsAudio()) { // else the encoder is where a tone has it
                encoder.encode(pcm, samples, made, 0, made.length);
            }
            push(made, 0, length);
            encodingBytes -= length;
            isEncoding = encodingBytes > 0;
            return;
        }
        if (recode.length > 0) {
            recode(recode, buffer, offset, length);
        }
        boolean isWhole = filled == 0 && length == frameBytes;
        if (isWhole && buffer.length - offset - length >= RtpStream.HEADROOM) {
            out.cameAt(cameAtNanos);
            out.audio(buffer, offset, length, length);
        } else {
            push(buffer, offset, length);
        }
    }

    /** Of G.722 nothing counts as silent: to leave a frame out would set its listener's decoder astray. */
    @Override
    public boolean playUnlessSilent(byte[] buffer, int offset, int length, int ticks) {
        if (isAdaptive) {
            play(buffer, offset, length, ticks);
            return true;
        }
        toLinear(buffer, offset, length);
        boolean isHeard = !noise.isQuiet(pcm, length);
        if (isHeard) {
            play(buffer, offset, length, ticks);
        }
        cameAtNanos = RtpStream.NEVER;
        return isHeard;
    }

    @Override
    public void absorb(byte[] buffer, int offset, int length) {
        if (isAdaptive && isEncoding) {
            decoder.decode(buffer, offset, length, pcm);
        }
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
        encode();
        int samples = ticks * samplesPerByte;
        if (decoder.conceal(pcm, samples) == samples && encoder.encode(pcm, samples, made, 0, made.length) == ticks) {
            push(made, 0, ticks);
        } else {
            silence(ticks);
        }
    }

    @Override
    public void silence(int ticks) {
        if (isAdaptive) {
            encode();
        }
        noise.fill(pcm, ticks * samplesPerByte);
        push(pcm, ticks * samplesPerByte);
    }

    @Override
    public void own(short[] sound, int samples) {
        if (isAdaptive) {
            encode();
        }
        push(sound, samples);
    }

    private void push(short[] sound, int samples) {
        int length = encoder.encode(sound, samples, made, 0, made.length);
        push(made, 0, length);
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
        // Neither can protect its packets.
    }

    @Override
    public int tone(short[] tone, int samples, byte[] into, int at) {
        if (isAdaptive) {
            encode();
        }
        return encoder.encode(tone, samples, into, at, into.length - at);
    }

    @Override
    public boolean tap(@Nullable PcmSink sink) {
        return false;
    }

    @Override
    public void leave() {
        if (isAdaptive) {
            encode();
        }
    }

    /** What goes out is ours for a while; both codecs are brought to where the streams are. */
    private void encode() {
        encodingBytes = isAdaptive ? ADAPTING_BYTES : 1;
        if (!isEncoding) {
            isEncoding = true;
            int heard = decoder.decode(history, history.length - heardBytes, heardBytes, pcm);
            encoder.encode(pcm, Math.max(0, heard), made, 0, made.length);
        }
    }

    private void toLinear(byte[] buffer, int offset, int length) {
        for (int i = 0; i < length; i++) {
            pcm[i] = linear[buffer[offset + i] & 0xFF];
        }
    }

    private void remember(byte[] buffer, int offset, int length) {
        int kept = Math.min(length, history.length);
        System.arraycopy(history, kept, history, 0, history.length - kept);
        System.arraycopy(buffer, offset + length - kept, history, history.length - kept, kept);
        heardBytes = Math.min(heardBytes + kept, history.length);
    }

    private void push(byte[] bytes, int offset, int length) {
        for (int taken = 0; taken < length; ) {
            out.cameAt(cameAtNanos);
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
