package io.ringdown.dtmf;

import java.util.ArrayList;
import java.util.List;

/** A receiver joined to a sender in virtual time, and what an ear on the line hears of it. */
final class Exchange implements TelephoneEventReceiver.Presses, TelephoneEventSender.Line {
    /** A packet that has left. */
    record Sent(long nanos, boolean marker, int timestamp, int event, boolean end, int duration) {}

    /** A press as the receiver told it. */
    record Told(int event, long lengthNanos) {}

    final List<Sent> sent = new ArrayList<>();
    final List<Told> told = new ArrayList<>();
    final List<Long> sentLengths = new ArrayList<>();
    final List<Integer> released = new ArrayList<>();
    final TelephoneEventReceiver receiver;
    final TelephoneEventSender sender;
    long now;
    boolean isSeized;
    boolean isAudioStill;

    Exchange(int clockRate) {
        this(clockRate, TelephoneEventSender.Rules.defaults());
    }

    Exchange(int clockRate, TelephoneEventSender.Rules rules) {
        receiver = new TelephoneEventReceiver(clockRate, this);
        sender = new TelephoneEventSender(rules, this);
    }

    void play(List<Wire.Packet> packets) {
        for (Wire.Packet packet : packets) {
            runTo(packet.nanos());
            receiver.onPacket(
                    packet.ssrc(),
                    packet.sequence(),
                    packet.timestamp(),
                    packet.marker(),
                    packet.payload(),
                    0,
                    TelephoneEvent.LENGTH,
                    now);
            sender.onTime(now);
        }
    }

    void runTo(long time) {
        while (true) {
            long next = Math.min(receiver.nextWakeup(), sender.nextWakeup());
            if (next > time) {
                break;
            }
            now = Math.max(now, next);
            receiver.onTime(now);
            sender.onTime(now);
        }
        now = time;
    }

    void runOut() {
        runTo(now + 600_000_000_000L);
    }

    @Override
    public void onPressStarted(long press, Digit digit, long at) {
        sender.begin(press, digit);
    }

    @Override
    public void onPressGrown(long press, long lengthNanos, long at) {
        sender.grow(press, lengthNanos);
    }

    @Override
    public void onPressEnded(long press, Digit digit, long lengthNanos, long at) {
        sender.finish(press, lengthNanos);
        told.add(new Told(digit.event(), lengthNanos));
    }

    @Override
    public int seize() {
        isSeized = true;
        if (isAudioStill) {
            return 160;
        }
        // The audio of a line at 8 kHz in packets of 20 ms.
        return (int) ((now / 20_000_000 + 1) * 160);
    }

    @Override
    public void onEventPacket(boolean marker, int timestamp, byte[] payload) {
        sent.add(new Sent(
                now,
                marker,
                timestamp,
                TelephoneEvent.event(payload, 0),
                TelephoneEvent.isEnd(payload, 0),
                TelephoneEvent.duration(payload, 0)));
    }

    @Override
    public void release(int timestamp) {
        isSeized = false;
        released.add(timestamp);
    }

    @Override
    public void onPressSent(int timestamp, long lengthNanos, int packets) {
        sentLengths.add(lengthNanos);
    }
}
