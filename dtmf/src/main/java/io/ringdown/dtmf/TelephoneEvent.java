package io.ringdown.dtmf;

/** The four bytes of a telephone-event payload (RFC 4733 §2.3), read and written in place. */
public final class TelephoneEvent {
    /** Bytes of one event. */
    public static final int LENGTH = 4;

    /** The greatest duration that one packet can state, in timestamp units. */
    public static final int MAX_DURATION = 0xFFFF;

    // RFC 4733 §2.3.4: −10 dBm0 is what carriers expect of a telephone; the field holds the positive number.
    private static final int VOLUME = 10;
    private static final int END = 0x80;

    private TelephoneEvent() {}

    /** The event code, 0 to 255. */
    public static int event(byte[] payload, int offset) {
        return payload[offset] & 0xFF;
    }

    /** The E bit: the event is over. */
    public static boolean isEnd(byte[] payload, int offset) {
        return (payload[offset + 1] & END) != 0;
    }

    /** Timestamp units since the event, or this segment of it, began. */
    public static int duration(byte[] payload, int offset) {
        return ((payload[offset + 2] & 0xFF) << 8) | (payload[offset + 3] & 0xFF);
    }

    /** Writes one event. */
    public static void write(byte[] payload, int offset, int event, boolean end, int duration) {
        payload[offset] = (byte) event;
        payload[offset + 1] = (byte) (end ? END | VOLUME : VOLUME);
        payload[offset + 2] = (byte) (duration >> 8);
        payload[offset + 3] = (byte) duration;
    }
}
