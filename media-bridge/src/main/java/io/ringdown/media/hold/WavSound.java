package io.ringdown.media.hold;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * The sound of a WAV file (RIFF, 16-bit PCM, mono or stereo), in mono. Whatever its bytes are, it is read or refused.
 *
 * @param rate samples a second
 * @param pcm the samples, at least a tenth of a second
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record WavSound(int rate, short[] pcm) {
    private static final int PCM = 1;
    private static final int EXTENSIBLE = 0xFFFE;
    private static final int SUBFORMAT_OFFSET = 24; // its first two bytes are the format proper
    private static final int FORMAT_LENGTH = 16;
    private static final int LEAST_RATE = 4_000;
    private static final int MOST_RATE = 192_000;
    private static final String REMEDY = "; make one by: sox INPUT -r 16000 -c 1 -b 16 OUTPUT.wav";

    /** These bytes cannot be played. The message begins in the middle of a sentence whose subject is the file. */
    static final class UnfitException extends Exception {
        private static final long serialVersionUID = 1L;

        UnfitException(String message) {
            super(message + REMEDY);
        }
    }

    static WavSound parse(byte[] bytes) throws UnfitException {
        ByteBuffer file = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        if (bytes.length < 12 || !name(file, 0).equals("RIFF") || !name(file, 8).equals("WAVE")) {
            throw new UnfitException("is no WAV file");
        }
        ByteBuffer format = chunk(file, "fmt ");
        if (format.limit() < FORMAT_LENGTH) {
            throw new UnfitException("has a broken fmt chunk");
        }
        int kind = format.getShort(0) & 0xFFFF;
        if (kind == EXTENSIBLE && format.limit() >= SUBFORMAT_OFFSET + 2) {
            kind = format.getShort(SUBFORMAT_OFFSET) & 0xFFFF;
        }
        int channels = format.getShort(2) & 0xFFFF;
        int rate = format.getInt(4);
        int bits = format.getShort(14) & 0xFFFF;
        if (kind != PCM || bits != 16) {
            throw new UnfitException("is not 16-bit PCM (format " + kind + ", " + bits + " bits)");
        }
        if (channels != 1 && channels != 2) {
            throw new UnfitException("has " + channels + " channels, neither one nor two");
        }
        if (rate < LEAST_RATE || rate > MOST_RATE) {
            throw new UnfitException("has " + rate + " samples a second, not " + LEAST_RATE + " to " + MOST_RATE);
        }
        short[] pcm = mono(chunk(file, "data"), channels);
        if (pcm.length < rate / 10) {
            throw new UnfitException("is shorter than a tenth of a second");
        }
        return new WavSound(rate, pcm);
    }

    /** Chunks are padded to even lengths; one that says more than there is, as of a writer that was cut off, ends with the file. */
    private static ByteBuffer chunk(ByteBuffer file, String wanted) throws UnfitException {
        for (long at = 12; at + 8 <= file.limit(); ) {
            int start = (int) at + 8;
            long length = Integer.toUnsignedLong(file.getInt((int) at + 4));
            if (name(file, (int) at).equals(wanted)) {
                int there = (int) Math.min(length, file.limit() - start);
                return file.slice(start, there).order(ByteOrder.LITTLE_ENDIAN);
            }
            at = start + length + length % 2;
        }
        throw new UnfitException("has no " + wanted.strip() + " chunk");
    }

    private static short[] mono(ByteBuffer data, int channels) {
        short[] pcm = new short[data.limit() / 2 / channels];
        for (int i = 0; i < pcm.length; i++) {
            int sum = 0;
            for (int channel = 0; channel < channels; channel++) {
                sum += data.getShort(2 * (i * channels + channel));
            }
            pcm[i] = (short) (sum / channels);
        }
        return pcm;
    }

    private static String name(ByteBuffer file, int at) {
        byte[] name = new byte[4];
        file.get(at, name);
        return new String(name, StandardCharsets.ISO_8859_1);
    }
}
