package io.ringdown.dtmf;

/** Which two frequencies a digit is (ITU-T Q.23, table 1), and what a level in dBm0 is in 16-bit samples. Stateless. */
final class ToneGroups {
    /** Frequencies of each group. */
    static final int SIZE = 4;

    // ITU-T G.711 table 5: 8159 of 14 bits, here 32636 of 16, is the peak of a sine of +3.17 dBm0. By A-law it is 0.06
    // dB less.
    private static final double PEAK_OF_0_DBM0 = 32_636 * Math.pow(10, -3.17 / 20);

    private static final int[] LOW = {697, 770, 852, 941}; // Hz
    private static final int[] HIGH = {1_209, 1_336, 1_477, 1_633}; // Hz
    private static final String KEYS = "123A456B789C*0#D";

    private ToneGroups() {}

    /** The frequency of a row of the keypad, in Hz. */
    static int lowHertz(int row) {
        return LOW[row];
    }

    /** The frequency of a column of the keypad, in Hz. */
    static int highHertz(int column) {
        return HIGH[column];
    }

    static int row(Digit digit) {
        return KEYS.indexOf(digit.character()) / SIZE;
    }

    static int column(Digit digit) {
        return KEYS.indexOf(digit.character()) % SIZE;
    }

    static Digit digit(int row, int column) {
        return Digit.of(KEYS.charAt(row * SIZE + column)).orElseThrow();
    }

    /** The peak of a sine of this level. */
    static double peak(double dbm0) {
        return PEAK_OF_0_DBM0 * Math.pow(10, dbm0 / 20);
    }
}
