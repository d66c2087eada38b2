package io.ringdown.media.bridge;

import io.ringdown.dtmf.Digit;
import io.ringdown.dtmf.DtmfRoad;
import io.ringdown.dtmf.DtmfSettings;
import io.ringdown.dtmf.InbandSender;
import io.ringdown.dtmf.PressQueue;
import io.ringdown.dtmf.PressReceipt;
import io.ringdown.dtmf.PressVoice;
import io.ringdown.dtmf.Presses;
import io.ringdown.dtmf.RecentEvent;
import io.ringdown.dtmf.SignallingVoice;
import io.ringdown.dtmf.Stroke;
import io.ringdown.dtmf.TelephoneEventReceiver;
import io.ringdown.dtmf.TelephoneEventSender;
import io.ringdown.dtmf.ToneGenerator;
import io.ringdown.media.MediaEvent;
import io.ringdown.media.MediaListener;
import io.ringdown.media.codec.AudioCodec;
import io.ringdown.media.rtp.RtpPacket;
import io.ringdown.media.sdp.TrunkFormat;
import io.ringdown.media.sdp.WebFormat;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The presses of a call. Those of the browser and of the application wait in one queue and go to the trunk by the road that
 * leads there; each has a number, and everything that becomes of it is told. Those of the trunk are told when they are over.
 * Pure; owned by the bridge's thread. After each input call {@link #onTime}, and again at {@link #nextWakeup()}.
 */
final class Digits {
    private static final int NONE = -1;
    private static final int NARROW_CLOCK = 8_000;
    private static final int WAITING = 64;
    private static final long PAUSE_NANOS = 2_000_000_000L; // of a comma, as in RTCDTMFSender
    private static final int UNDERSTOOD_MILLIS = 40; // ITU-T Q.24: shorter tones may be missed
    private static final int LONGEST_FRAME = 1_500;
    private static final long ECHO_NANOS = 600_000_000; // the longest way there and back that a line echoes over

    // An INFO may be sent again for so long before it arrives, at first (RFC 3261 §17.1.2.2: 0.5, 1, 2 s apart).
    private static final long SIGNALLED_NANOS = 1_500_000_000;

    private final RtpStream out;
    private final MediaListener listener;
    private final Supplier<@Nullable Direction> toTrunk;
    private final TelephoneEventReceiver fromWeb = new TelephoneEventReceiver(48_000, new FromWeb());
    private final TelephoneEventReceiver fromTrunk =
            new TelephoneEventReceiver(8_000, TelephoneEventReceiver.FlashPolicy.TELL, new FromTrunk());
    private final PressQueue queue;
    private final PressConfirmation confirmation;
    private WebEvents[] webEvents = {};
    private @Nullable TrunkFormat format;
    private int trunkEventType = NONE;
    private boolean isRoadKnown;
    private @Nullable DtmfRoad road;
    private @Nullable Manner manner;
    private @Nullable PressVoice voice;
    private long firstPacket;
    private int packets;
    private long nowNanos;
    private long lastToneNanos;
    private boolean hasSounded;
    private long echoUntilNanos;
    private boolean hasPressed;

    /** A telephone-event that the browser may send. */
    private record WebEvents(int payloadType, int clockRate) {}

    /** What makes one voice another; the payload types are no part of it. */
    private record Manner(DtmfRoad road, int eventClockRate, int ptimeMillis, AudioCodec codec) {}

    /**
     * No trunk yet: presses wait.
     *
     * @param out the trunk's stream
     * @param toTrunk the direction whose encoder tones go through
     */
    Digits(RtpStream out, Supplier<@Nullable Direction> toTrunk, MediaListener listener) {
        this.out = out;
        this.toTrunk = toTrunk;
        this.listener = listener;
        this.queue = new PressQueue(DtmfSettings.defaults().rules(WAITING), new Leaving());
        this.confirmation = new PressConfirmation(this::tell);
    }

    /** The browser's telephone-events: those of every answer of ours that it may have applied. */
    void web(WebFormat answer) {
        List<WebEvents> listening = new ArrayList<>();
        listen(listening, answer);
        answer.alternatives().forEach(alternative -> listen(listening, alternative));
        webEvents = listening.toArray(WebEvents[]::new);
    }

    private static void listen(List<WebEvents> listening, WebFormat answer) {
        int type = answer.eventPayloadType().orElse(NONE);
        if (type != NONE && listening.stream().noneMatch(events -> events.payloadType() == type)) {
            listening.add(new WebEvents(type, answer.eventClockRate()));
        }
        answer.narrowEventPayloadType().ifPresent(narrow -> listening.add(new WebEvents(narrow, NARROW_CLOCK)));
    }

    /** What holds for presses towards this trunk. */
    void settings(DtmfSettings settings) {
        queue.rules(settings.rules(WAITING));
    }

    /** The trunk's leg carries this from now on. */
    void trunk(TrunkFormat newFormat, long now) {
        format = newFormat;
        trunkEventType = newFormat.eventPayloadType().orElse(NONE);
        fromTrunk.rate(newFormat.eventClockRate());
        speak(now);
    }

    /** The trunk is no longer ours (crank-back). */
    void forgetTrunk(long now) {
        nowNanos = now;
        format = null;
        trunkEventType = NONE;
        isRoadKnown = false;
        road = null;
        fromTrunk.close(now);
        hush(now);
        queue.dropWaiting(PressQueue.Reason.LINE_GONE);
        confirmation.close();
    }

    /** Presses take this road from now on; empty: none leads there. Before it is said it is that of what was agreed. */
    void road(Optional<DtmfRoad> newRoad, long now) {
        isRoadKnown = true;
        road = newRoad.orElse(null);
        speak(now);
    }

    /** Which roads lead to the trunk within its media; empty before there is one. */
    List<DtmfRoad> roads() {
        if (format == null) {
            return List.of();
        }
        return trunkEventType == NONE ? List.of(DtmfRoad.IN_BAND) : List.of(DtmfRoad.RTP, DtmfRoad.IN_BAND);
    }

    /** The voice of the road, unless it is the one that speaks already: what waits stays in the queue. */
    private void speak(long now) {
        nowNanos = now;
        TrunkFormat present = format;
        Manner wanted = present == null ? null : manner(present);
        if (wanted != null && wanted.equals(manner)) { // another number is no reason to cut a press: the line writes it
            return;
        }
        hush(now);
        manner = wanted;
        if (wanted != null) {
            voice = voice(wanted);
        } else if (isRoadKnown) {
            queue.dropWaiting(PressQueue.Reason.NO_LINE);
        }
    }

    private @Nullable Manner manner(TrunkFormat present) {
        DtmfRoad wanted = isRoadKnown || trunkEventType == NONE ? road : DtmfRoad.RTP;
        if (wanted == null || (wanted == DtmfRoad.RTP && trunkEventType == NONE)) {
            return null;
        }
        return new Manner(wanted, present.eventClockRate(), present.ptimeMillis(), present.codec());
    }

    private PressVoice voice(Manner how) {
        return switch (how.road) {
            case RTP ->
                new TelephoneEventSender(queue, how.eventClockRate, how.ptimeMillis * 1_000_000L, new EventLine());
            case INFO ->
                new SignallingVoice(queue, (press, digit, lengthNanos) -> {
                    mayEchoFor(SIGNALLED_NANOS + lengthNanos);
                    listener.onEvent(new MediaEvent.PressToSignal(press, digit, Duration.ofNanos(lengthNanos)));
                });
            case IN_BAND -> {
                int sampleRate = sampleRate(how.codec);
                yield new InbandSender(
                        queue,
                        new InbandSender.Rate(sampleRate, how.codec.clockRate(), how.ptimeMillis),
                        new ToneGenerator(sampleRate),
                        new ToneLine());
            }
        };
    }

    private int sampleRate(AudioCodec codec) {
        Direction direction = toTrunk.get();
        return direction == null ? codec.sampleRate(codec) : direction.wiring().rateOut();
    }

    private void hush(long now) {
        nowNanos = now;
        PressVoice speaking = voice;
        if (speaking != null) {
            speaking.stop(now);
            voice = null;
        }
        manner = null;
    }

    /**
     * Queues strokes behind those that wait. Answers the number of their first press; the others follow it.
     *
     * @return empty if no road leads to the trunk, it must not be sent to, or there is no room for all of them
     */
    OptionalLong press(List<Stroke> strokes, long lengthNanos, long gapNanos) {
        if (voice == null || !out.isOpen() || queue.room() < strokes.size()) {
            return OptionalLong.empty();
        }
        OptionalLong first = OptionalLong.empty();
        for (Stroke stroke : strokes) {
            switch (stroke) {
                case Stroke.Press press -> {
                    long number = queue.press(press.digit(), lengthNanos, gapNanos);
                    first = first.isEmpty() ? OptionalLong.of(number) : first;
                }
                case Stroke.Pause _ -> queue.pause(PAUSE_NANOS);
            }
        }
        return first.isEmpty() ? OptionalLong.of(queue.nextNumber()) : first;
    }

    /** Forgets the presses that wait. */
    void cancelWaiting() {
        queue.dropWaiting(PressQueue.Reason.CANCELLED);
    }

    /** Who understands packets of this type from the browser; null if they are no telephone-events. */
    @Nullable
    TelephoneEventReceiver ofWeb(int payloadType) {
        for (WebEvents events : webEvents) {
            if (events.payloadType() == payloadType) {
                fromWeb.rate(events.clockRate());
                return fromWeb;
            }
        }
        return null;
    }

    /** The same for the trunk: by rights under our number for them; many trunks use the one that they wrote themselves. */
    @Nullable
    TelephoneEventReceiver ofTrunk(int payloadType, TrunkFormat from) {
        boolean isEvent = payloadType == trunkEventType
                || payloadType == from.theirEventPayloadType().orElse(NONE);
        return isEvent ? fromTrunk : null;
    }

    /** The trunk has told of our stream: the highest number that it has got, and how many it has lost so far. */
    void onReport(int highest, long lost) {
        confirmation.onReport(highest, out.lastSequence(), out.packets(), lost);
    }

    /** Whether what sounds like a digit may be an echo of ours. */
    boolean mayEcho(long now) {
        return hasSounded && now - lastToneNanos < ECHO_NANOS;
    }

    /** The same of one that the far end has made of what we have told it, by whichever road. */
    boolean mayEchoAnywhere(long now) {
        return hasPressed && now - echoUntilNanos < 0;
    }

    /** The far end makes a tone of so much more of a press, if it makes any. */
    private void mayEchoFor(long lengthNanos) {
        long until = nowNanos + lengthNanos + ECHO_NANOS;
        echoUntilNanos = hasPressed && echoUntilNanos - until > 0 ? echoUntilNanos : until;
        hasPressed = true;
    }

    /** Does what is due. */
    void onTime(long now) {
        nowNanos = now;
        fromTrunk.onTime(now);
        fromWeb.onTime(now);
        PressVoice speaking = voice;
        if (speaking != null) {
            speaking.onTime(now);
        }
        confirmation.onTime(now);
    }

    /** When {@link #onTime} wants to be called; {@code Long.MAX_VALUE} for never. */
    long nextWakeup() {
        PressVoice speaking = voice;
        long next = speaking == null ? Long.MAX_VALUE : speaking.nextWakeup();
        next = Math.min(next, confirmation.nextWakeup());
        return Math.min(next, Math.min(fromTrunk.nextWakeup(), fromWeb.nextWakeup()));
    }

    /** Telephone-events of the trunk of which packets may still come; after {@link #close}. */
    List<RecentEvent> recentEvents(long now) {
        return fromTrunk.recentEvents(now);
    }

    long nextPress() {
        return queue.nextNumber();
    }

    boolean isRoadKnown() {
        return isRoadKnown;
    }

    /** The road that was said, if one leads to the trunk. */
    Optional<DtmfRoad> road() {
        return Optional.ofNullable(road);
    }

    /** Goes on where another one has stopped. */
    void resume(BridgeState from, long now) {
        queue.numberFrom(from.nextPress());
        fromTrunk.remember(from.recentEvents(), now);
        isRoadKnown = from.isRoadKnown();
        road = from.road().orElse(null);
    }

    /** The call is over: every press gets its last word. */
    void close(long now) {
        fromTrunk.close(now);
        hush(now);
        queue.dropWaiting(PressQueue.Reason.LINE_GONE);
        confirmation.close();
    }

    private void tell(long press, PressReceipt receipt) {
        listener.onEvent(new MediaEvent.Press(press, receipt));
    }

    /** Presses of the browser's go to the trunk as they happen. */
    private final class FromWeb implements Presses {
        // The queue's numbers of the presses under way, by the receiver's: it has no more than these at once.
        private final long[] numbers = new long[TelephoneEventReceiver.MOST_OPEN];

        @Override
        public void onPressStarted(long press, Digit digit, long now) {
            boolean isWayOpen = voice != null || !isRoadKnown;
            if (isWayOpen && queue.room() > 0) {
                long number = queue.begin(digit);
                numbers[index(press)] = number;
                tell(number, new PressReceipt.Accepted());
            } else {
                numbers[index(press)] =
                        queue.refuse(isWayOpen ? PressQueue.Reason.QUEUE_FULL : PressQueue.Reason.NO_LINE);
            }
        }

        @Override
        public void onPressGrown(long press, long lengthNanos, long now) {
            queue.grow(numbers[index(press)], lengthNanos);
        }

        @Override
        public void onPressEnded(long press, Digit digit, long lengthNanos, long now) {
            queue.finish(numbers[index(press)], lengthNanos);
        }

        private int index(long press) {
            return (int) (press % numbers.length);
        }
    }

    /** Presses of the trunk's are told when they are over. */
    private final class FromTrunk implements Presses {
        @Override
        public void onPressEnded(long press, Digit digit, long lengthNanos, long now) {
            listener.onEvent(new MediaEvent.DigitFromTrunk(digit, Duration.ofNanos(lengthNanos), DtmfRoad.RTP));
        }

        @Override
        public void onFlash(long now) {
            listener.onEvent(new MediaEvent.FlashFromTrunk());
        }
    }

    /** The trunk's stream, as telephone-events go into it. */
    private final class EventLine implements TelephoneEventSender.Line {
        @Override
        public int seize() {
            return out.seize();
        }

        @Override
        public void onEventPacket(boolean marker, int timestamp, byte[] payload) {
            mayEchoFor(0);
            if (out.event(marker, trunkEventType, timestamp, payload)) {
                packets++;
            }
        }

        @Override
        public void release(int timestamp) {
            out.release(timestamp);
        }
    }

    /** The trunk's stream, as tones go into it. */
    private final class ToneLine implements InbandSender.Line {
        private final byte[] packet = new byte[RtpPacket.HEADER_LENGTH + LONGEST_FRAME + RtpStream.HEADROOM];

        @Override
        public int seize() {
            return out.seize();
        }

        @Override
        public void onToneFrame(boolean marker, int timestamp, short[] pcm, int samples) {
            hasSounded = true;
            lastToneNanos = nowNanos;
            mayEchoFor(0);
            Direction direction = toTrunk.get();
            int length = direction == null ? 0 : direction.path().tone(pcm, samples, packet, RtpPacket.HEADER_LENGTH);
            if (length > 0 && out.within(marker, timestamp, packet, RtpPacket.HEADER_LENGTH, length)) {
                packets++;
            }
        }

        @Override
        public void release(int timestamp) {
            out.release(timestamp);
        }
    }

    /** Tells what becomes of the presses that are in the queue. */
    private final class Leaving implements PressQueue.Receipts {
        @Override
        public void onPressStarted(long press) {
            firstPacket = out.packets();
            packets = 0;
        }

        @Override
        public void onPressSent(long press, int timestamp, long lengthNanos, int handed) {
            Manner how = manner;
            Duration length = Duration.ofNanos(lengthNanos);
            if (how == null || how.road == DtmfRoad.INFO) {
                tell(press, new PressReceipt.Signalled(length));
            } else if (packets == 0) {
                tell(press, new PressReceipt.Failed(PressReceipt.Failure.ON_HOLD));
            } else {
                tell(press, new PressReceipt.Sent(how.road, length, Math.min(packets, handed), timestamp));
                int needed = how.road == DtmfRoad.RTP ? 1 : (UNDERSTOOD_MILLIS + how.ptimeMillis - 1) / how.ptimeMillis;
                confirmation.onSent(press, firstPacket, packets, needed, nowNanos);
            }
            packets = 0;
        }

        @Override
        public void onPressDropped(long press, PressQueue.Reason reason) {
            tell(
                    press,
                    new PressReceipt.Failed(
                            switch (reason) {
                                case QUEUE_FULL -> PressReceipt.Failure.QUEUE_FULL;
                                case CANCELLED -> PressReceipt.Failure.CANCELLED;
                                case LINE_GONE -> PressReceipt.Failure.LINE_GONE;
                                case NO_LINE -> PressReceipt.Failure.NO_ROAD;
                            }));
        }
    }
}
