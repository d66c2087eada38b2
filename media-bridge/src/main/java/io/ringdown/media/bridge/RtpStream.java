package io.ringdown.media.bridge;

import io.ringdown.media.rtp.RtpPacket;

/**
 * One RTP stream of ours: sequence numbers without a hole and timestamps that rise for the whole call, whatever feeds it.
 * Owned by one thread. Where no packet may leave, its time goes on.
 */
final class RtpStream {
    /** Writable bytes that sinks may count on behind a packet. */
    static final int HEADROOM = 64;

    /** No sound that came in. */
    static final long NEVER = Long.MIN_VALUE;

    private final PacketSink sink;
    private final SendClock clock = new SendClock();
    private final int ssrc;
    private final byte[] eventPacket = new byte[RtpPacket.HEADER_LENGTH + 4 + HEADROOM];
    private int sequence;
    private int timestamp;
    private int payloadType;
    private boolean isOpen;
    private boolean isSeized;
    private boolean isWaiting;
    private int resumeAt;
    private boolean isTalkSpurtNew = true;
    private long cameAtNanos = NEVER;
    private long sendingCameAtNanos = NEVER;
    private long lastAudioNanos = NEVER;
    private long packets;
    private long octets;
    private long now;

    RtpStream(BridgeIdentity.Stream identity, PacketSink sink) {
        this.ssrc = identity.ssrc();
        this.sequence = identity.sequence();
        this.timestamp = identity.timestamp();
        this.sink = sink;
    }

    /**
     * Where the stream is between two packets of audio.
     *
     * @param packetNanos the time from one to the next
     */
    BridgeState.Stream state(long packetNanos, long now) {
        long due = lastAudioNanos == NEVER ? 0 : lastAudioNanos + packetNanos - now;
        return new BridgeState.Stream(ssrc, sequence, timestamp, due, packets, octets);
    }

    /** Goes on with a stream that has sent so much. */
    void resume(long sentPackets, long sentOctets) {
        packets = sentPackets;
        octets = sentOctets;
    }

    /** What leaves from here on leaves at this time. */
    void time(long nanos) {
        now = nanos;
    }

    /** Timestamps count at this rate from here on. */
    void rate(int clockRate) {
        clock.rate(clockRate);
    }

    /** Packets may leave from now on, under this payload type. */
    void open(int newPayloadType) {
        payloadType = newPayloadType;
        isOpen = true;
    }

    /** Nothing leaves until it is opened again. */
    void shut() {
        isOpen = false;
        isTalkSpurtNew = true;
    }

    /** What audio is sent under. */
    int payloadType() {
        return payloadType;
    }

    boolean isOpen() {
        return isOpen;
    }

    /** Whether the next audio packet would leave. */
    boolean wantsAudio() {
        if (isWaiting && timestamp - resumeAt >= 0) {
            isWaiting = false;
        }
        return isOpen && !isSeized && !isWaiting;
    }

    /** Sends one packet; the 12 bytes before the payload and the headroom behind it are overwritten. */
    void audio(byte[] buffer, int payloadOffset, int payloadLength, int ticks) {
        audio(payloadType, buffer, payloadOffset, payloadLength, ticks);
    }

    /** The same under another payload type of the stream's clock. */
    void audio(int type, byte[] buffer, int payloadOffset, int payloadLength, int ticks) {
        if (!wantsAudio()) {
            skip(ticks);
            return;
        }
        int start = payloadOffset - RtpPacket.HEADER_LENGTH;
        RtpPacket.writeHeader(buffer, start, isTalkSpurtNew, type, sequence, timestamp, ssrc);
        isTalkSpurtNew = false; // RFC 3551 §4.1
        clock.onSent(timestamp, now);
        timestamp += ticks;
        lastAudioNanos = now;
        sendingCameAtNanos = cameAtNanos;
        cameAtNanos = NEVER;
        send(buffer, start, payloadLength);
        sendingCameAtNanos = NEVER;
    }

    /** Sound that came in then is part of the next audio packet; of several the first counts. */
    void cameAt(long nanos) {
        if (cameAtNanos == NEVER) {
            cameAtNanos = nanos;
        }
    }

    /** For the sink: when the oldest sound of the packet that it is given came in; {@link #NEVER} if none of it did. */
    long sendingCameAtNanos() {
        return sendingCameAtNanos;
    }

    /** When the packet after the last one is due; {@code now} if there was none. */
    long dueNanos(long packetNanos, long now) {
        return lastAudioNanos == NEVER ? now : lastAudioNanos + packetNanos;
    }

    /** How early the next packet would leave now, by the pace of those before it; negative if late. */
    long aheadNanos() {
        return clock.aheadNanos(timestamp, now);
    }

    /** Lets time pass without a packet. */
    void skip(int ticks) {
        cameAtNanos = NEVER;
        timestamp += ticks;
        lastAudioNanos = now;
        isTalkSpurtNew = true;
    }

    /** Keeps audio out from here on, for an event; answers the timestamp of the event. */
    int seize() {
        isSeized = true;
        return timestamp;
    }

    /** Lets audio in again from this timestamp on. */
    void release(int from) {
        isSeized = false;
        isWaiting = true;
        resumeAt = from;
    }

    /** Sends an event's packet within the stream's sequence; false if none may leave. */
    boolean event(boolean marker, int eventPayloadType, int eventTimestamp, byte[] payload) {
        if (!isOpen) {
            return false;
        }
        RtpPacket.writeHeader(eventPacket, 0, marker, eventPayloadType, sequence, eventTimestamp, ssrc);
        System.arraycopy(payload, 0, eventPacket, RtpPacket.HEADER_LENGTH, payload.length);
        send(eventPacket, 0, payload.length);
        return true;
    }

    /**
     * Sends sound of ours, which is no event, while audio is kept out: the 12 bytes before the payload and the headroom behind it
     * are overwritten; false if none may leave.
     */
    boolean within(boolean marker, int toneTimestamp, byte[] buffer, int payloadOffset, int payloadLength) {
        if (!isOpen) {
            return false;
        }
        int start = payloadOffset - RtpPacket.HEADER_LENGTH;
        RtpPacket.writeHeader(buffer, start, marker, payloadType, sequence, toneTimestamp, ssrc);
        send(buffer, start, payloadLength);
        return true;
    }

    /** The number of the packet that left last. */
    int lastSequence() {
        return sequence - 1;
    }

    /** For a report: what the stream's clock says at this time. */
    int clockAt(long nanos) {
        return clock.at(nanos, timestamp);
    }

    int ssrc() {
        return ssrc;
    }

    long packets() {
        return packets;
    }

    /** Of payload. */
    long octets() {
        return octets;
    }

    private void send(byte[] buffer, int start, int payloadLength) {
        sequence++;
        packets++;
        octets += payloadLength;
        sink.send(buffer, start, RtpPacket.HEADER_LENGTH + payloadLength);
    }
}
