package io.ringdown.media.codec;

/**
 * The quadrature mirror filter of ITU-T G.722, 24 taps in two phases (§3.1, §4.4), which parts 16 kHz into two bands of 8 kHz
 * and joins them again; both together only delay by 22 samples. Pairs go in, the phases' sums come out. Owned by one thread.
 */
final class G722Bank {
    private static final int TAPS = 12;

    // Table 11 times 8192: h0, h2, h4 …; the odd ones are the same backwards, for the filter is symmetric.
    private static final short[] EVEN = {3, -11, 12, 32, -210, 951, 3876, -805, 362, -156, 53, -11};
    private static final short[] ODD = {-11, 53, -156, 362, -805, 3876, 951, -210, 32, 12, -11, 3};

    // Each written twice, a length apart, so that the last TAPS always lie in a row.
    private final int[] evens = new int[2 * TAPS];
    private final int[] odds = new int[2 * TAPS];
    private int at;
    private int evenSum;
    private int oddSum;

    /** Takes the next value of each phase; the sums are new from then on. */
    void push(int even, int odd) {
        evens[at] = evens[at + TAPS] = even;
        odds[at] = odds[at + TAPS] = odd;
        at = at == TAPS - 1 ? 0 : at + 1;
        int first = 0;
        int second = 0;
        for (int i = 0; i < TAPS; i++) {
            first += EVEN[i] * evens[at + i];
            second += ODD[i] * odds[at + i];
        }
        evenSum = first;
        oddSum = second;
    }

    /** Of the phase pushed first, by h0, h2 … from the oldest on. */
    int evenSum() {
        return evenSum;
    }

    /** Of the phase pushed second, by h1, h3 … from the oldest on. */
    int oddSum() {
        return oddSum;
    }
}
