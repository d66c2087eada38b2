package io.ringdown.media.codec;

/** How loud each code of G.711 is, for who passes it through without decoding. Stateless. */
public final class G711Power {
    private static final int[] MU = squares(G711Law.MU);
    private static final int[] A = squares(G711Law.A);

    private G711Power() {}

    /**
     * The squares of the 256 codes' 16-bit samples; the array is shared and must not be written. The least that a law can say
     * is silence, 0: A-law has no zero, and its ±8 is silence as much as µ-law's.
     */
    public static int[] squares(AudioCodec law) {
        return switch (law) {
            case PCMU -> MU;
            case PCMA -> A;
            case OPUS, G722 -> throw new IllegalArgumentException(law.rtpmapName() + " has no codes to look up");
        };
    }

    private static int[] squares(G711Law law) {
        int[] squares = new int[256];
        int least = Integer.MAX_VALUE;
        for (int code = 0; code < squares.length; code++) {
            int sample = law.decode((byte) code);
            squares[code] = sample * sample;
            least = Math.min(least, squares[code]);
        }
        for (int code = 0; code < squares.length; code++) {
            squares[code] = squares[code] == least ? 0 : squares[code];
        }
        return squares;
    }
}
