package io.ringdown.sip;

/**
 * Why we end a call, as it is told to the trunk.
 *
 * @param q850 the cause of ITU-T Q.850, 1 to 127 (16 is normal clearing)
 * @param text a short fixed text, never one that came from a peer
 */
public record HangupReason(int q850, String text) {
    public static final HangupReason NORMAL = new HangupReason(16, "Normal call clearing");

    public HangupReason {
        if (q850 < 1 || q850 > 127) {
            throw new IllegalArgumentException("q850 is " + q850 + ", not 1 to 127");
        }
    }
}
