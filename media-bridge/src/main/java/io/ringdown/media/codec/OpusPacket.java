package io.ringdown.media.codec;

import java.util.Objects;

/**
 * What can be read off an Opus packet without decoding it (RFC 6716 §3). Every packet passes here before a decoder sees it, so
 * that the framing of what comes from the network is checked in memory-safe code.
 */
final class OpusPacket {
    /** The packet breaks a rule of RFC 6716 §3.4; the value is libopus's OPUS_INVALID_PACKET. */
    static final int MALFORMED = -4;

    /** More than any datagram we receive carries. */
    static final int MAX_LENGTH = 1_500;

    private static final int MAX_FRAME_LENGTH = 1_275; // RFC 6716 §3.4 [R2]
    private static final int MAX_SAMPLES_AT_48_KHZ = 5_760; // RFC 6716 §3.4 [R5]: 120 ms

    private OpusPacket() {}

    /** Samples of one channel at {@code sampleRate} in the whole packet, or {@link #MALFORMED}. */
    static int samples(byte[] packet, int offset, int length, int sampleRate) {
        Objects.checkFromIndexSize(offset, length, packet.length);
        if (length < 1 || length > MAX_LENGTH) {
            return MALFORMED;
        }
        int frames = wellFramed(packet, offset, length);
        int samplesAt48kHz = frames * frameSamplesAt48kHz(packet[offset]);
        if (frames < 1 || samplesAt48kHz > MAX_SAMPLES_AT_48_KHZ) {
            return MALFORMED;
        }
        return samplesAt48kHz / (48_000 / sampleRate);
    }

    /**
     * Whether the packet is well formed and holds a copy (LBRR, RFC 6716 §4.2.5) of the frame before it, of at most
     * {@code samples} samples; a decoder conceals what is missing before the copy.
     */
    static boolean restores(byte[] packet, int offset, int length, int sampleRate, int samples) {
        if (samples(packet, offset, length, sampleRate) < 0) {
            return false;
        }
        int toc = packet[offset];
        boolean celtOnly = (toc & 0x80) != 0;
        int first = firstFrame(packet, offset, length);
        int frameSamplesAt48kHz = frameSamplesAt48kHz(toc);
        if (celtOnly || first < 0 || frameSamplesAt48kHz / (48_000 / sampleRate) > samples) {
            return false;
        }
        // RFC 6716 §4.2.3: flags open the first frame, per channel one of activity for each 20 ms, then that of the
        // copy.
        int silkFrames = Math.max(1, frameSamplesAt48kHz / 960);
        int flags = packet[first];
        boolean mid = (flags >> (7 - silkFrames) & 1) != 0;
        boolean side = isStereo(toc) && (flags >> (6 - 2 * silkFrames) & 1) != 0;
        return mid || side;
    }

    /** Samples of one frame at 48 kHz (RFC 6716 §3.1, table 2). */
    private static int frameSamplesAt48kHz(int toc) {
        int config = (toc & 0xff) >> 3;
        if (config >= 16) {
            return 120 << (config & 3); // CELT: 2.5, 5, 10, 20 ms
        }
        if (config >= 12) {
            return 480 << (config & 1); // hybrid: 10, 20 ms
        }
        int step = config & 3;
        return step == 3 ? 2_880 : 480 << step; // SILK: 10, 20, 40, 60 ms
    }

    private static boolean isStereo(int toc) {
        return (toc & 4) != 0;
    }

    /** The number of frames if the framing keeps the rules of RFC 6716 §3.4, else {@link #MALFORMED}. */
    private static int wellFramed(byte[] packet, int offset, int length) {
        return switch (packet[offset] & 3) {
            case 0 -> length - 1 <= MAX_FRAME_LENGTH ? 1 : MALFORMED;
            case 1 -> (length - 1) % 2 == 0 && (length - 1) / 2 <= MAX_FRAME_LENGTH ? 2 : MALFORMED;
            case 2 -> twoFrames(packet, offset, length);
            default -> manyFrames(packet, offset, length);
        };
    }

    private static int twoFrames(byte[] packet, int offset, int length) {
        int end = offset + length;
        int at = offset + 1;
        int size = frameLength(packet, at, end);
        if (size < 0) {
            return MALFORMED;
        }
        int left = end - at - lengthBytes(size) - size;
        return left >= 0 && left <= MAX_FRAME_LENGTH ? 2 : MALFORMED;
    }

    private static int manyFrames(byte[] packet, int offset, int length) {
        int end = offset + length;
        if (length < 2) {
            return MALFORMED;
        }
        int frames = packet[offset + 1] & 0x3f;
        int at = offset + 2;
        int padding = 0;
        if ((packet[offset + 1] & 0x40) != 0) {
            int code;
            do {
                if (at >= end) {
                    return MALFORMED;
                }
                code = packet[at++] & 0xff;
                padding += code == 255 ? 254 : code;
            } while (code == 255);
        }
        boolean variable = (packet[offset + 1] & 0x80) != 0;
        for (int i = 0; variable && i < frames - 1; i++) {
            int size = frameLength(packet, at, end);
            if (size < 0) {
                return MALFORMED;
            }
            at += lengthBytes(size);
            padding += size; // whatever is not the last frame
        }
        int left = end - at - padding;
        if (frames < 1 || left < 0) {
            return MALFORMED;
        }
        boolean fits = variable ? left <= MAX_FRAME_LENGTH : left % frames == 0 && left / frames <= MAX_FRAME_LENGTH;
        return fits ? frames : MALFORMED;
    }

    /** A frame's length as coded in RFC 6716 §3.2.1, or {@link #MALFORMED}. */
    private static int frameLength(byte[] packet, int at, int end) {
        if (at >= end) {
            return MALFORMED;
        }
        int first = packet[at] & 0xff;
        if (first < 252) {
            return first;
        }
        return at + 1 < end ? 4 * (packet[at + 1] & 0xff) + first : MALFORMED;
    }

    private static int lengthBytes(int frameLength) {
        return frameLength < 252 ? 1 : 2;
    }

    /** Where the first frame begins, or −1 if it is empty (DTX). The packet is well framed. */
    private static int firstFrame(byte[] packet, int offset, int length) {
        int end = offset + length;
        int at = offset + 1;
        return switch (packet[offset] & 3) {
            case 0, 1 -> at < end ? at : -1;
            case 2 -> {
                int size = frameLength(packet, at, end);
                yield size > 0 ? at + lengthBytes(size) : -1;
            }
            default -> firstOfMany(packet, offset, end);
        };
    }

    private static int firstOfMany(byte[] packet, int offset, int end) {
        int frames = packet[offset + 1] & 0x3f;
        int at = offset + 2;
        int padding = 0;
        if ((packet[offset + 1] & 0x40) != 0) {
            int code;
            do {
                code = packet[at++] & 0xff;
                padding += code == 255 ? 254 : code;
            } while (code == 255);
        }
        if ((packet[offset + 1] & 0x80) == 0) {
            return end - at - padding > 0 ? at : -1;
        }
        int firstSize = frames > 1 ? frameLength(packet, at, end) : end - at - padding;
        for (int i = 0; i < frames - 1; i++) {
            at += lengthBytes(frameLength(packet, at, end));
        }
        return firstSize > 0 ? at : -1;
    }
}
