package io.ringdown.gateway.call;

import io.ringdown.dtmf.Digit;
import io.ringdown.dtmf.DtmfBody;
import io.ringdown.dtmf.DtmfRoad;
import io.ringdown.dtmf.PressMatch;
import io.ringdown.dtmf.PressReceipt;
import io.ringdown.media.MediaEvent;
import io.ringdown.sip.InfoBody;
import io.ringdown.sip.InfoOutcome;
import io.ringdown.sip.PeerCapabilities;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The digits of one {@link Call}: which road they take, what became of each press towards the trunk, and each press of the
 * trunk's once, whichever roads it came by. Pure, as the call is.
 */
final class CallDigits {
    /** Statuses by which a peer says that it does not understand INFO, or not such a body: another road may do better. */
    private static final Set<Integer> NOT_UNDERSTOOD = Set.of(405, 415, 469, 489, 501);

    private final Consumer<CallNews> tell;
    private final Consumer<CallAction> act;
    private final PressMatch match;
    private final Map<Long, Pending> pending = new LinkedHashMap<>();
    private PeerCapabilities peer;
    private Optional<DigitRoads.Choice> choice;
    private boolean isListening;

    /** A press towards the trunk without its last word. */
    private record Pending(Optional<String> ref, OptionalInt index, boolean hasLeft) {}

    /**
     * All of it, to be written down, except which digits the trunk has pressed: no file is to have those.
     *
     * @param heard when, and by which roads, without the digits
     * @param underWay presses towards the trunk without their last word
     */
    record State(
            List<PressMatch.Remembered> heard,
            List<UnderWay> underWay,
            PeerCapabilities peer,
            Optional<DigitRoads.Choice> choice,
            boolean isListening) {
        static final State BEGUN = new State(List.of(), List.of(), PeerCapabilities.UNKNOWN, Optional.empty(), false);
    }

    /** A press towards the trunk, by its number. */
    record UnderWay(long number, Optional<String> ref, OptionalInt index, boolean hasLeft) {}

    CallDigits(State state, Consumer<CallNews> tell, Consumer<CallAction> act, long now) {
        this.tell = tell;
        this.act = act;
        this.match = new PressMatch(state.heard, now);
        state.underWay.forEach(press -> pending.put(press.number, new Pending(press.ref, press.index, press.hasLeft)));
        this.peer = state.peer;
        this.choice = state.choice;
        this.isListening = state.isListening;
    }

    State state(long now) {
        List<UnderWay> underWay = new ArrayList<>();
        pending.forEach((number, press) -> underWay.add(new UnderWay(number, press.ref, press.index, press.hasLeft)));
        return new State(match.remembered(now), underWay, peer, choice, isListening);
    }

    /** Whether any press towards the trunk waits for its last word. */
    boolean isUnderWay() {
        return !pending.isEmpty();
    }

    /** Media were agreed with this trunk, or anew. */
    void onAgreed(String trunk) {
        act.accept(new CallAction.ChooseRoad(trunk, peer));
    }

    /** The trunk says what it understands. */
    void onCapabilities(PeerCapabilities said, Optional<String> agreedWith) {
        boolean isNew = !said.equals(peer);
        peer = said;
        if (isNew) {
            agreedWith.ifPresent(this::onAgreed);
        }
    }

    /** {@link CallAction.ChooseRoad} has chosen. */
    void onChosen(DigitRoads.Choice chosen) {
        if (!choice.equals(Optional.of(chosen))) {
            choice = Optional.of(chosen);
            tell.accept(new CallNews.Road(chosen));
        }
    }

    /** The call goes to another trunk, of which nothing is known. */
    void onOtherTrunk() {
        onOtherTrunk(PeerCapabilities.UNKNOWN);
    }

    /** The call goes to another trunk, which has said this. */
    void onOtherTrunk(PeerCapabilities said) {
        peer = said;
        choice = Optional.empty();
    }

    /** What the trunk has said last. */
    PeerCapabilities peer() {
        return peer;
    }

    /** Strokes of a message were taken: so many presses, numbered from {@code first}. */
    void onTaken(Optional<String> ref, long first, int count) {
        for (int i = 0; i < count; i++) {
            Pending press = new Pending(ref, OptionalInt.of(i), false);
            pending.put(first + i, press);
            tell(first + i, press, new PressReceipt.Accepted());
        }
    }

    /** Something has become of a press. */
    void onReceipt(String trunk, long number, PressReceipt receipt) {
        Pending press = pending.getOrDefault(number, new Pending(Optional.empty(), OptionalInt.empty(), false));
        boolean isLast = false;
        switch (receipt) {
            case PressReceipt.Accepted _ -> pending.put(number, press);
            case PressReceipt.Sent sent -> {
                pending.put(number, new Pending(press.ref, press.index, true));
                act.accept(new CallAction.NoteDigit(trunk, sent.road(), CallAction.NoteDigit.Way.SENT));
            }
            case PressReceipt.Signalled _ -> {
                pending.put(number, new Pending(press.ref, press.index, true));
                act.accept(new CallAction.NoteDigit(trunk, DtmfRoad.INFO, CallAction.NoteDigit.Way.SENT));
            }
            case PressReceipt.Confirmed _, PressReceipt.Unconfirmable _, PressReceipt.Failed _ -> isLast = true;
        }
        if (isLast) {
            pending.remove(number);
        }
        tell(number, press, receipt);
    }

    /** A press has to go by signalling. */
    void onSignal(MediaEvent.PressToSignal press) {
        act.accept(new CallAction.SignalPress(press.press(), press.digit(), press.length()));
    }

    /** What became of it. */
    void onInfoAnswered(String trunk, long number, InfoOutcome outcome) {
        if (choice.isEmpty() || !pending.containsKey(number)) {
            return;
        }
        switch (outcome) {
            case InfoOutcome.Answered answered
            when answered.status() < 300 -> {
                act.accept(new CallAction.LearnOfTrunk(trunk, DigitRoads.Lesson.INFO_TAKEN));
                onReceipt(trunk, number, new PressReceipt.Confirmed());
            }
            case InfoOutcome.Answered answered -> {
                onReceipt(
                        trunk,
                        number,
                        new PressReceipt.Failed(PressReceipt.Failure.REFUSED, OptionalInt.of(answered.status())));
                if (NOT_UNDERSTOOD.contains(answered.status())) {
                    act.accept(new CallAction.LearnOfTrunk(trunk, DigitRoads.Lesson.INFO_REFUSED));
                    onAgreed(trunk);
                }
            }
            case InfoOutcome.Unanswered _, InfoOutcome.NotSent _ ->
                onReceipt(trunk, number, new PressReceipt.Failed(PressReceipt.Failure.NO_ANSWER));
        }
    }

    /** The trunk has sent an INFO with a body of a type that is ours. */
    void onInfo(String trunk, InfoBody body, long now) {
        if (DtmfBody.parse(body.mediaType(), body.text()) instanceof DtmfBody.Press press) {
            long lengthNanos = Duration.ofMillis(press.lengthMillis()).toNanos();
            onHeard(trunk, press.digit(), Duration.ofNanos(lengthNanos), DtmfRoad.INFO, now - lengthNanos, now);
        }
    }

    /** The trunk has pressed a digit. */
    void onHeard(String trunk, MediaEvent.DigitFromTrunk press, long now) {
        onHeard(
                trunk,
                press.digit(),
                press.length(),
                press.road(),
                now - press.length().toNanos(),
                now);
    }

    private void onHeard(String trunk, Digit digit, Duration length, DtmfRoad road, long start, long end) {
        act.accept(new CallAction.NoteDigit(trunk, road, CallAction.NoteDigit.Way.HEARD));
        if (match.isNew(road, digit, start, end)) {
            tell.accept(new CallNews.Pressed(digit, length, road));
        }
    }

    /** Whether the owner wants to be told what the line sounds like. */
    void listen(boolean wanted, Duration silence) {
        isListening = wanted;
        act.accept(new CallAction.Listen(wanted, silence));
    }

    /** What the line sounds like. */
    void onLine(CallNews.Heard heard) {
        if (isListening) {
            tell.accept(heard);
        }
    }

    /** Somebody else has it, or nobody: who had it is told all that they will be, and what still waits is not pressed. */
    void onOtherOwner() {
        if (!pending.isEmpty()) {
            act.accept(new CallAction.CancelPresses());
        }
        end();
        if (isListening) {
            listen(false, Duration.ofSeconds(1)); // of no meaning with false
        }
    }

    /** The call is over: those who wait for a last word get it. */
    void end() {
        for (Map.Entry<Long, Pending> each : new ArrayList<>(pending.entrySet())) {
            tell(
                    each.getKey(),
                    each.getValue(),
                    each.getValue().hasLeft
                            ? new PressReceipt.Unconfirmable(PressReceipt.Doubt.CALL_ENDED)
                            : new PressReceipt.Failed(PressReceipt.Failure.LINE_GONE));
        }
        pending.clear();
    }

    private void tell(long number, Pending press, PressReceipt receipt) {
        tell.accept(new CallNews.Receipt(number, press.ref, press.index, receipt));
    }
}
