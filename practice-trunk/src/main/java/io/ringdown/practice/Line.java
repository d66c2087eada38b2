package io.ringdown.practice;

import io.ringdown.dtmf.Digit;
import io.ringdown.dtmf.PressQueue;
import io.ringdown.dtmf.Presses;
import io.ringdown.dtmf.TelephoneEvent;
import io.ringdown.dtmf.TelephoneEventReceiver;
import io.ringdown.dtmf.TelephoneEventSender;
import io.ringdown.media.bridge.PacketSink;
import io.ringdown.media.codec.AudioCodec;
import io.ringdown.media.rtp.RtpPacket;
import io.ringdown.media.sdp.TrunkFormat;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The RTP side of one call: says clips, presses digits, hears digits, or gives everything back. Pure; owned by one thread.
 * One packet leaves per packet time, the n-th at the start plus n packet times, so that nothing drifts; where there is
 * nothing to say it holds silence. After each input ask {@link #nextWakeup()} and call {@link #onTime} then.
 */
final class Line {
    private static final int SAMPLES_PER_MILLI = 8;
    private static final int MAX_PTIME_MILLIS = 100;
    private static final long NANOS_PER_TICK = 125_000;
    /** A thread that was held up longer than this leaves a hole instead of a burst. */
    private static final long MAX_LAG_NANOS = 100_000_000L;
    /** What {@link PacketSink} may write behind the packet. */
    private static final int HEADROOM = 64;
    /** Echoed packets are at most this long; G.711 at 100 ms is 800 bytes. */
    private static final int MAX_PAYLOAD = 1_400;

    /** What the script is told. */
    interface Listener {
        void onPressed(Digit digit, long now);

        /** Everything that was to be said or pressed has left. */
        void onQuiet(long now);
    }

    /** Where the stream begins; all random. */
    record Identity(int ssrc, int sequence, int timestamp) {}

    private sealed interface Item {
        record Speech(Clip clip) implements Item {}

        record Presses(List<Digit> digits, long lengthNanos, long gapNanos) implements Item {}
    }

    private final Prompts prompts;
    private final PacketSink sink;
    private final Listener listener;
    private final int ssrc;
    private final RtpPacket heard = new RtpPacket();
    private final byte[] packet = new byte[RtpPacket.HEADER_LENGTH + MAX_PAYLOAD + HEADROOM];
    private final Deque<Item> items = new ArrayDeque<>();
    private final TelephoneEventReceiver receiver = new TelephoneEventReceiver(8_000, new Heard());
    private final Echo echo = new Echo();
    private @Nullable TrunkFormat format;
    private final PressQueue presses = new PressQueue(PressQueue.Rules.defaults(), new Unheard());
    private TelephoneEventSender sender = sender(20);
    private long startNanos;
    private long frames;
    private int startTimestamp;
    private int sequence;
    private int spoken;
    private boolean pressing;
    private boolean speaking;
    private boolean seized;
    private int audioFromTimestamp;

    Line(Identity identity, Prompts prompts, PacketSink sink, Listener listener) {
        this.ssrc = identity.ssrc();
        this.sequence = identity.sequence() & 0xFFFF;
        this.startTimestamp = identity.timestamp();
        this.audioFromTimestamp = identity.timestamp();
        this.prompts = prompts;
        this.sink = sink;
        this.listener = listener;
    }

    /** Media begin, or go on in another format; the first packet leaves at {@code firstNanos}. */
    void open(TrunkFormat agreed, long firstNanos) {
        startTimestamp = format == null ? startTimestamp : nextTimestamp();
        startNanos = firstNanos;
        frames = 0;
        if (format == null || format.ptimeMillis() != agreed.ptimeMillis()) {
            sender.stop(firstNanos);
            sender = sender(ptimeMillis(agreed));
        }
        format = agreed;
        // What is half said goes on from its beginning: the other law has other bytes.
        spoken = 0;
    }

    void say(List<Clip> clips) {
        clips.forEach(clip -> items.add(new Item.Speech(clip)));
        speaking |= !clips.isEmpty();
    }

    void press(List<Digit> digits, long lengthNanos, long gapNanos) {
        items.add(new Item.Presses(digits, lengthNanos, gapNanos));
        speaking = true;
    }

    /** Forgets what is being said and what was to be said. */
    void hush(long now) {
        items.clear();
        spoken = 0;
        pressing = false;
        speaking = false;
        presses.dropWaiting(PressQueue.Reason.CANCELLED);
        sender.stop(now);
    }

    /** From here on gives back what comes. Silence is sent until something does. */
    void echo() {
        echo.on = true;
    }

    /** One RTP packet from the caller. */
    void onRtp(byte[] buffer, int offset, int length, long now) {
        TrunkFormat agreed = format;
        if (agreed == null || !heard.wrap(buffer, offset, length) || heard.payloadLength() > MAX_PAYLOAD) {
            return;
        }
        boolean event = agreed.eventPayloadType().isPresent()
                && heard.payloadType() == agreed.eventPayloadType().getAsInt();
        if (!event && heard.payloadType() != agreed.payloadType()) {
            return;
        }
        if (event) {
            receiver.onPacket(
                    heard.ssrc(),
                    heard.sequence(),
                    heard.timestamp(),
                    heard.marker(),
                    buffer,
                    heard.payloadOffset(),
                    heard.payloadLength(),
                    now);
        }
        if (echo.on && agreed.weSend()) {
            echo.onPacket(buffer, now);
        }
    }

    /** Sends what is due. */
    void onTime(long now) {
        receiver.onTime(now);
        TrunkFormat agreed = format;
        if (agreed == null) {
            return;
        }
        skipWhatIsTooLate(now);
        while (now - nextFrameNanos() >= 0) {
            // The sender first, at the time of the frame: a press begins and ends where a frame would have.
            begin();
            sender.onTime(nextFrameNanos());
            frame(agreed);
            frames++;
            tellQuiet(now);
        }
        sender.onTime(now);
    }

    long nextWakeup() {
        if (format == null) {
            return Script.NEVER;
        }
        return Math.min(
                receiver.nextWakeup(), Math.min(nextFrameNanos(), pressing ? sender.nextWakeup() : Script.NEVER));
    }

    private void skipWhatIsTooLate(long now) {
        long lag = now - nextFrameNanos();
        if (lag > MAX_LAG_NANOS) {
            frames += lag / frameNanos();
        }
    }

    /** Hands presses that are next to the sender. */
    private void begin() {
        if (!pressing && items.peek() instanceof Item.Presses item) {
            pressing = true;
            for (Digit digit : item.digits()) {
                presses.press(digit, item.lengthNanos(), item.gapNanos());
            }
        }
    }

    private void frame(TrunkFormat agreed) {
        if (!agreed.weSend() || echo.took || seized || nextTimestamp() - audioFromTimestamp < 0) {
            return;
        }
        int samples = ptimeMillis(agreed) * SAMPLES_PER_MILLI;
        int at = RtpPacket.HEADER_LENGTH;
        int end = at + samples;
        while (at < end && items.peek() instanceof Item.Speech speech) {
            byte[] sound = prompts.sound(speech.clip(), agreed.codec());
            int part = Math.min(end - at, sound.length - spoken);
            System.arraycopy(sound, spoken, packet, at, part);
            at += part;
            spoken += part;
            if (spoken == sound.length) {
                items.remove();
                spoken = 0;
            }
        }
        Arrays.fill(packet, at, end, silence(agreed.codec()));
        send(false, agreed.payloadType(), nextTimestamp(), samples);
    }

    private void tellQuiet(long now) {
        if (pressing && !presses.isBusy()) {
            pressing = false;
            items.remove();
        }
        if (speaking && items.isEmpty()) {
            speaking = false;
            listener.onQuiet(now);
        }
    }

    private void send(boolean marker, int payloadType, int timestamp, int payloadLength) {
        RtpPacket.writeHeader(packet, 0, marker, payloadType, sequence, timestamp, ssrc);
        sequence = (sequence + 1) & 0xFFFF;
        sink.send(packet, 0, RtpPacket.HEADER_LENGTH + payloadLength);
    }

    private int nextTimestamp() {
        return startTimestamp + (int) (frames * (frameNanos() / NANOS_PER_TICK));
    }

    private long nextFrameNanos() {
        return startNanos + frames * frameNanos();
    }

    private long frameNanos() {
        TrunkFormat agreed = format;
        return agreed == null ? 20_000_000L : ptimeMillis(agreed) * 1_000_000L;
    }

    private static int ptimeMillis(TrunkFormat agreed) {
        return Math.clamp(agreed.ptimeMillis(), 10, MAX_PTIME_MILLIS);
    }

    private static byte silence(AudioCodec codec) {
        return (byte) (codec == AudioCodec.PCMU ? 0xFF : 0xD5);
    }

    private TelephoneEventSender sender(int ptimeMillis) {
        return new TelephoneEventSender(presses, 8_000, ptimeMillis * 1_000_000L, new Wire());
    }

    /** Presses of the caller. */
    private final class Heard implements Presses {
        @Override
        public void onPressStarted(long press, Digit digit, long now) {
            listener.onPressed(digit, now);
        }

        @Override
        public void onPressGrown(long press, long lengthNanos, long now) {}

        @Override
        public void onPressEnded(long press, Digit digit, long lengthNanos, long now) {}
    }

    /** Presses of ours. */
    private final class Wire implements TelephoneEventSender.Line {
        @Override
        public int seize() {
            seized = true;
            return nextTimestamp();
        }

        @Override
        public void onEventPacket(boolean marker, int timestamp, byte[] payload) {
            TrunkFormat agreed = format;
            if (agreed != null && agreed.weSend() && agreed.eventPayloadType().isPresent()) {
                System.arraycopy(payload, 0, packet, RtpPacket.HEADER_LENGTH, TelephoneEvent.LENGTH);
                send(marker, agreed.eventPayloadType().getAsInt(), timestamp, TelephoneEvent.LENGTH);
            }
        }

        @Override
        public void release(int timestamp) {
            seized = false;
            audioFromTimestamp = timestamp;
        }
    }

    /** A script asks only when all is said. */
    private static final class Unheard implements PressQueue.Receipts {
        @Override
        public void onPressStarted(long press) {}

        @Override
        public void onPressSent(long press, int timestamp, long lengthNanos, int packets) {}

        @Override
        public void onPressDropped(long press, PressQueue.Reason reason) {}
    }

    /**
     * Gives packets back one by one, with their marker, their loss, their order and their spacing: only where sequence and
     * timestamps begin is ours.
     */
    private final class Echo {
        private boolean on;
        private boolean took;
        private int theirSsrc;
        private int sequenceStep;
        private int timestampStep;
        private int lastTimestamp;
        private long lastNanos;

        void onPacket(byte[] buffer, long now) {
            if (!took || heard.ssrc() != theirSsrc) {
                int timestamp = took
                        ? lastTimestamp + Math.max(1, (int) ((now - lastNanos) / NANOS_PER_TICK))
                        : nextTimestamp();
                took = true;
                theirSsrc = heard.ssrc();
                sequenceStep = sequence - heard.sequence();
                timestampStep = timestamp - heard.timestamp();
            }
            lastTimestamp = heard.timestamp() + timestampStep;
            lastNanos = now;
            sequence = (heard.sequence() + sequenceStep) & 0xFFFF;
            System.arraycopy(buffer, heard.payloadOffset(), packet, RtpPacket.HEADER_LENGTH, heard.payloadLength());
            send(heard.marker(), heard.payloadType(), lastTimestamp, heard.payloadLength());
        }
    }
}
