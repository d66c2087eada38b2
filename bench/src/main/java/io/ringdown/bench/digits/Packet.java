package io.ringdown.bench.digits;

/**
 * An RTP packet and when it is on the wire.
 *
 * @param press which of the script's it belongs to; {@link #AUDIO} for none
 */
@SuppressWarnings("ArrayRecordComponent") // never compared with its bytes
record Packet(long nanos, int press, byte[] bytes) {
    static final int AUDIO = -1;

    Packet at(long time) {
        return new Packet(time, press, bytes);
    }

    /** When and whose it is: bytes of presses are not shown. */
    @Override
    public String toString() {
        return "Packet[" + nanos + ", " + press + "]";
    }
}
