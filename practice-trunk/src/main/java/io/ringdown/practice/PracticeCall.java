package io.ringdown.practice;

import io.ringdown.dtmf.Digit;
import io.ringdown.media.SdpRejectedException;
import io.ringdown.media.codec.AudioCodec;
import io.ringdown.media.sdp.SdpLimits;
import io.ringdown.media.sdp.TrunkAnswer;
import io.ringdown.media.sdp.TrunkFormat;
import io.ringdown.media.sdp.TrunkNegotiation;
import io.ringdown.media.sdp.TrunkParty;
import io.ringdown.sip.HangupReason;
import io.ringdown.sip.Rejection;
import io.ringdown.sip.TrunkCall;
import io.ringdown.sip.TrunkEvent;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One call: a script, its line, its sockets, and the dialog they serve. Thread "exchange". */
final class PracticeCall implements Line.Listener {
    private static final List<AudioCodec> CODECS = List.of(AudioCodec.PCMU, AudioCodec.PCMA);
    private static final HangupReason NO_CODEC = new HangupReason(88, "Incompatible destination");

    private final TrunkCall dialog;
    private final Script script;
    private final Optional<String> offer;
    private final MediaPorts.Pair ports;
    private final TrunkNegotiation negotiation;
    private final Line line;
    private final Runnable callBack;
    private final long bornNanos;
    private final Deque<Input> inputs = new ArrayDeque<>();
    private @Nullable TrunkFormat format;
    private Optional<String> answer = Optional.empty();
    private boolean performing;
    private boolean hangingUp;
    private boolean over;

    /**
     * What a call is made of.
     *
     * @param offer the caller's; empty if there is none, or if the call is ours
     * @param callBack calls the caller's number
     */
    record Parts(
            TrunkCall dialog,
            Script script,
            Optional<String> offer,
            MediaPorts.Pair ports,
            TrunkNegotiation negotiation,
            Line.Identity identity,
            Prompts prompts,
            Runnable callBack) {}

    PracticeCall(Parts parts, long now) {
        this.dialog = parts.dialog();
        this.script = parts.script();
        this.offer = parts.offer();
        this.ports = parts.ports();
        this.negotiation = parts.negotiation();
        this.callBack = parts.callBack();
        this.bornNanos = now;
        this.line = new Line(parts.identity(), parts.prompts(), this::send, this);
    }

    static TrunkNegotiation negotiation(InetAddress address, int rtpPort, long sessionId) {
        return new TrunkNegotiation(
                new TrunkParty(address, rtpPort, rtpPort + 1, CODECS, sessionId), SdpLimits.defaults());
    }

    /** A call to us begins. */
    void begin(long now) {
        on(new Input.Began(), now);
    }

    void onEvent(TrunkEvent event, long now) {
        switch (event) {
            case TrunkEvent.Trying trying -> {
                // Our call is on its way.
            }
            case TrunkEvent.Progress progress -> progress.sdp().ifPresent(sdp -> onAnswer(sdp, now));
            case TrunkEvent.Answered answered -> {
                answered.sdp().ifPresent(sdp -> onAnswer(sdp, now));
                begin(now);
            }
            case TrunkEvent.Confirmed confirmed -> confirmed.sdp().ifPresent(sdp -> onAnswer(sdp, now));
            case TrunkEvent.AnswerInAck inAck -> onAnswer(inAck.sdp(), now);
            case TrunkEvent.RefreshAnswered refreshed -> onAnswer(refreshed.sdp(), now);
            case TrunkEvent.Reoffer reoffer -> onReoffer(reoffer.sdp(), now);
            case TrunkEvent.OfferWanted wanted -> dialog.acceptReoffer(negotiation.offer());
            case TrunkEvent.ReofferAnswered _, TrunkEvent.ReofferRefused _ -> {
                // Nothing is offered anew from here.
            }
            case TrunkEvent.Capabilities _, TrunkEvent.InfoReceived _, TrunkEvent.InfoAnswered _ -> {
                // Digits come by telephone-event here.
            }
            case TrunkEvent.ReferProgress _, TrunkEvent.ReferEnded _ -> {
                // Nobody is sent elsewhere from here.
            }
            case TrunkEvent.Referred _ -> dialog.rejectRefer(603);
            case TrunkEvent.Failed failed -> end(now);
            case TrunkEvent.Ended ended -> end(now);
        }
    }

    /** Takes every packet that waits; one from another address than the agreed one is noise. */
    void receive(ByteBuffer buffer, long now) throws IOException {
        for (InetSocketAddress from; (from = (InetSocketAddress) ports.rtp().receive(buffer.clear())) != null; ) {
            TrunkFormat agreed = format;
            if (agreed != null && agreed.rtp().getAddress().equals(from.getAddress())) {
                line.onRtp(buffer.array(), buffer.arrayOffset(), buffer.position(), now);
            }
        }
        while (ports.rtcp().receive(buffer.clear()) != null) {
            // Reports are taken off the socket, so that their sender is not told that nobody is there.
        }
    }

    void onTime(long now) {
        if (!over) {
            line.onTime(now);
        }
        if (now - script.nextWakeup() >= 0 && script.nextWakeup() != Script.NEVER) {
            on(new Input.Woken(), now);
        }
    }

    long nextWakeup() {
        return over ? script.nextWakeup() : Math.min(line.nextWakeup(), script.nextWakeup());
    }

    /** Whether nothing can come of it any more. */
    boolean isDone() {
        return over && script.nextWakeup() == Script.NEVER;
    }

    long ageNanos(long now) {
        return now - bornNanos;
    }

    MediaPorts.Pair ports() {
        return ports;
    }

    void hangUp() {
        if (!hangingUp) {
            hangingUp = true;
            dialog.hangUp(HangupReason.NORMAL);
        }
    }

    @Override
    public void onPressed(Digit digit, long now) {
        on(new Input.Pressed(digit), now);
    }

    @Override
    public void onQuiet(long now) {
        on(new Input.Quiet(), now);
    }

    /** What an action causes (a hush, a quiet) comes after the actions that are being done. */
    private void on(Input input, long now) {
        inputs.add(input);
        if (performing) {
            return;
        }
        performing = true;
        try {
            while (!inputs.isEmpty()) {
                script.on(inputs.remove(), now).forEach(action -> perform(action, now));
            }
        } finally {
            performing = false;
        }
    }

    private void perform(Action action, long now) {
        switch (action) {
            case Action.Ring ring -> dialog.ring();
            case Action.Progress progress -> answerOffer(now).ifPresent(dialog::progress);
            case Action.Answer answered -> answerOffer(now).ifPresent(dialog::answer);
            case Action.Reject reject ->
                dialog.reject(new Rejection(reject.status(), new HangupReason(reject.q850(), reject.text())));
            case Action.HangUp hangUp -> hangUp();
            case Action.Say say -> line.say(say.clips());
            case Action.Hush hush -> line.hush(now);
            case Action.Echo echo -> line.echo();
            case Action.Press press -> line.press(press.digits(), press.lengthNanos(), press.gapNanos());
            case Action.CallBack back -> callBack.run();
        }
    }

    /** The SDP for a 183 and the 200 after it, which is the same; empty if the offer fits nothing and is refused. */
    private Optional<String> answerOffer(long now) {
        if (answer.isPresent()) {
            return answer;
        }
        if (offer.isEmpty()) {
            answer = Optional.of(negotiation.offer());
            return answer;
        }
        try {
            TrunkAnswer made = negotiation.answer(offer.get());
            open(made.format(), now);
            answer = Optional.of(made.sdp());
        } catch (SdpRejectedException e) {
            dialog.reject(new Rejection(488, NO_CODEC));
        }
        return answer;
    }

    private void onAnswer(String sdp, long now) {
        try {
            open(negotiation.onAnswer(sdp), now);
        } catch (SdpRejectedException e) {
            dialog.hangUp(NO_CODEC);
        }
    }

    private void onReoffer(String sdp, long now) {
        try {
            TrunkAnswer made = negotiation.answer(sdp);
            open(made.format(), now);
            dialog.acceptReoffer(made.sdp());
        } catch (SdpRejectedException e) {
            dialog.rejectReoffer();
        }
    }

    private void open(TrunkFormat agreed, long now) {
        if (!agreed.equals(format)) {
            format = agreed;
            line.open(agreed, onGrid(now));
        }
    }

    /** All lines send at the same marks of 5 ms, so that one wake-up serves many. */
    private static long onGrid(long now) {
        long grid = 5_000_000L;
        return now + Math.floorMod(-now, grid);
    }

    private void end(long now) {
        over = true;
        on(new Input.Ended(), now);
    }

    private void send(byte[] buffer, int offset, int length) {
        TrunkFormat agreed = format;
        if (agreed == null || over) {
            return;
        }
        try {
            ports.rtp().send(ByteBuffer.wrap(buffer, offset, length), agreed.rtp());
        } catch (IOException e) {
            // A port that nobody listens on any more; the dialog will tell.
        }
    }
}
