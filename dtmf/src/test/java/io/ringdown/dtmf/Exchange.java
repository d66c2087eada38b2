package io.ringdown.dtmf;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A receiver joined to a sender in virtual time, and what an ear on the line hears of it. */
final class Exchange implements Presses, TelephoneEventSender.Line, PressQueue.Receipts {
    /** A packet that has left. */
    record Sent(long nanos, boolean marker, int timestamp, int event, boolean end, int duration) {}

    /** A press as the receiver told it. */
    record Told(int event, long lengthNanos) {}

    final List<Sent> sent = new ArrayList<>();
    final List<Told> told = new ArrayList<>();
    final List<Long> sentLengths = new ArrayList<>();
    final List<Long> started = new ArrayList<>();
    final Map<Long, String> fates = new HashMap<>();
    final List<Integer> released = new ArrayList<>();
    final TelephoneEventReceiver receiver;
    final PressQueue queue;
    final TelephoneEventSender sender;
    private final List<Long> numbers = new ArrayList<>();
    long now;
    int flashes;
    boolean isSeized;
    boolean isAudioStill;

    Exchange(int clockRate) {
        this(clockRate, 8_000, PressQueue.Rules.defaults());
    }

    Exchange(int clockRateIn, int clockRateOut, PressQueue.Rules rules) {
        receiver = new TelephoneEventReceiver(clockRateIn, this);
        queue = new PressQueue(rules, this);
        sender = new TelephoneEventSender(queue, clockRateOut, 20_000_000, this);
    }

    void play(List<Wire.Packet> packets) {
        for (Wire.Packet packet : packets) {
            runTo(packet.nanos());
            packet.to(receiver, now);
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
        numbers.add(queue.begin(digit));
    }

    @Override
    public void onPressGrown(long press, long lengthNanos, long at) {
        queue.grow(numbers.get((int) press), lengthNanos);
    }

    @Override
    public void onPressEnded(long press, Digit digit, long lengthNanos, long at) {
        queue.finish(numbers.get((int) press), lengthNanos);
        told.add(new Told(digit.event(), lengthNanos));
    }

    @Override
    public void onFlash(long at) {
        flashes++;
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
    public void onPressStarted(long press) {
        assertThat(fates).doesNotContainKey(press);
        started.add(press);
    }

    @Override
    public void onPressSent(long press, int timestamp, long lengthNanos, int packets) {
        assertThat(started).contains(press);
        end(press, "sent in " + packets);
        sentLengths.add(lengthNanos);
    }

    @Override
    public void onPressDropped(long press, PressQueue.Reason reason) {
        assertThat(started).doesNotContain(press);
        end(press, reason.toString());
    }

    private void end(long press, String fate) {
        assertThat(fates.put(press, fate))
                .as("an earlier final word of press %d", press)
                .isNull();
    }
}
