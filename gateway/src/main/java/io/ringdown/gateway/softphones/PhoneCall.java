package io.ringdown.gateway.softphones;

import io.ringdown.dtmf.DtmfBody;
import io.ringdown.dtmf.Stroke;
import io.ringdown.gateway.call.CallEvent;
import io.ringdown.gateway.call.CallNews;
import io.ringdown.gateway.call.ClientId;
import io.ringdown.gateway.call.EndCause;
import io.ringdown.gateway.call.Ending;
import io.ringdown.gateway.call.ErrorCode;
import io.ringdown.sip.HangupReason;
import io.ringdown.sip.InfoBody;
import io.ringdown.sip.ReferTarget;
import io.ringdown.sip.Rejection;
import io.ringdown.sip.TrunkEvent;
import io.ringdown.sip.TrunkFailure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One call of one softphone: translates between its dialog and the call, and decides nothing of either. Pure: what either of them
 * tells goes in, what both are to be told comes out. Not thread-safe.
 *
 * <pre>
 *  it calls      CALLING ── the call is established: 200 ──────────────────────▶ TALKING ─▶ OVER
 *  it is called  WAITING ── our offer ─▶ RUNG ── 200 ─▶ ACCEPTED ── established ─▶ TALKING ─▶ OVER
 * </pre>
 */
final class PhoneCall {
    // As our own protocol has it where nothing is said.
    private static final Duration GAP = Duration.ofMillis(70);

    /** Where it stands, in the order of the protocol. */
    enum Stage {
        /** It has called; we have not said 200. */
        CALLING,
        /** It is to be called, with an offer that the call has not made yet. */
        WAITING,
        /** It has our INVITE. */
        RUNG,
        /** It has said 200; the call is not up yet. */
        ACCEPTED,
        TALKING,
        OVER
    }

    /** An offer within the dialog that waits for its answer. */
    private sealed interface Open {
        /** The phone's, with which it ends its hold: it is answered once the call is resumed, under this reference. */
        record Resuming(String ref, String offer) implements Open {}

        /** The phone's, which the call answers under this reference; {@code beginsHold} is whether it is held by it. */
        record Described(String ref, boolean beginsHold) implements Open {}

        /** The phone wants ours. */
        record Wanted() implements Open {}

        /** The phone has ours, in the 200 to its re-INVITE, and answers it in the ACK. */
        record Given() implements Open {}

        /** Ours, for the gateway has no media any more; it is asked of the call, or with the phone. */
        record Renewing() implements Open {}
    }

    private final ClientId client;
    private final PhoneTransfer transfer = new PhoneTransfer();
    private final List<PhoneAction> actions = new ArrayList<>();
    private final boolean receipts;
    private Stage stage;
    private Optional<String> answer = Optional.empty();
    private Optional<Open> open = Optional.empty();
    private boolean isHolding;
    private Optional<String> holdAskedBy = Optional.empty();
    private boolean isHoldOwed;
    private boolean isAway;
    private long refs;

    private PhoneCall(ClientId client, Stage stage, boolean receipts) {
        this.client = client;
        this.stage = stage;
        this.receipts = receipts;
    }

    /** One that the phone makes; {@code receipts} is whether it wants to know what becomes of its digits. */
    static PhoneCall from(ClientId client, boolean receipts) {
        return new PhoneCall(client, Stage.CALLING, receipts);
    }

    /** One that rings at the phone. */
    static PhoneCall to(ClientId client, boolean receipts) {
        return new PhoneCall(client, Stage.WAITING, receipts);
    }

    Stage stage() {
        return stage;
    }

    // ---- from the call

    List<PhoneAction> onNews(CallNews news) {
        if (stage != Stage.OVER) {
            handle(news);
        }
        return drain();
    }

    private void handle(CallNews news) {
        switch (news) {
            case CallNews.Answer said -> onAnswer(said);
            case CallNews.Offer offer -> onOffer(offer.sdp());
            case CallNews.Progress progress -> {
                // 183 has left with our answer, and says nothing more where early media begin.
                if (stage == Stage.CALLING && progress.stage() == CallNews.Progress.Stage.RINGING) {
                    act(new PhoneAction.Ring());
                }
            }
            case CallNews.Established _ -> onEstablished();
            case CallNews.Incoming _ -> {
                if (stage == Stage.WAITING) {
                    tell(new CallEvent.WebOfferWanted(client));
                }
            }
            case CallNews.Renew _ -> {
                if (isUp() && open.isEmpty()) {
                    open = Optional.of(new Open.Renewing());
                    tell(new CallEvent.WebOfferWanted(client));
                }
            }
            case CallNews.Resumed resumed -> {
                if (isOpen() instanceof Open.Resuming wanted && resumed.ref().equals(Optional.of(wanted.ref))) {
                    isHolding = false;
                    describe(wanted.offer, false);
                }
            }
            case CallNews.Receipt receipt -> {
                if (receipts && isUp()) {
                    act(new PhoneAction.Info(ReceiptBody.of(receipt)));
                }
            }
            case CallNews.Transfer told -> {
                if (transfer.isThis(told.ref())) {
                    actions.addAll(transfer.onNews(told));
                }
            }
            case CallNews.Refused refused -> onRefused(refused);
            case CallNews.Over over -> onOver(over.ending());
            // Nothing is negotiated for a telephone that holds, and the rest has no words in SIP.
            case CallNews.Accepted _,
                    CallNews.Conference _,
                    CallNews.Supervising _,
                    CallNews.Supervised _,
                    CallNews.Held _,
                    CallNews.Codec _,
                    CallNews.Pressed _,
                    CallNews.Flashed _,
                    CallNews.SecureInput _,
                    CallNews.Road _,
                    CallNews.Heard _,
                    CallNews.Quality _ -> {}
        }
    }

    private void onAnswer(CallNews.Answer said) {
        if (stage == Stage.CALLING && said.ref().isEmpty()) {
            answer = Optional.of(said.sdp());
            act(new PhoneAction.Progress(said.sdp()));
        } else if (isOpen() instanceof Open.Described wanted && said.ref().equals(Optional.of(wanted.ref))) {
            open = Optional.empty();
            act(new PhoneAction.AcceptReoffer(said.sdp()));
        }
    }

    private void onOffer(String sdp) {
        if (stage == Stage.WAITING) {
            stage = Stage.RUNG;
            act(new PhoneAction.Invite(sdp));
        } else if (isOpen() instanceof Open.Wanted) {
            open = Optional.of(new Open.Given());
            act(new PhoneAction.AcceptReoffer(sdp));
        } else if (isOpen() instanceof Open.Renewing) {
            act(new PhoneAction.Reoffer(sdp));
        }
    }

    private void onEstablished() {
        if (stage == Stage.CALLING) {
            stage = Stage.TALKING;
            act(new PhoneAction.Answer(answer.orElseThrow()));
        } else if (stage == Stage.ACCEPTED) {
            stage = Stage.TALKING;
            if (isHoldOwed) {
                hold();
            }
        }
    }

    private void onRefused(CallNews.Refused refused) {
        if (transfer.isThis(refused.ref())) {
            actions.addAll(transfer.onRefused(status(refused.code())));
        } else if (refused.ref().isPresent() && refused.ref().equals(holdAskedBy)) {
            // Its media go as it has described them all the same. What cannot be held yet can be soon.
            isHolding = false;
            isHoldOwed = stage == Stage.ACCEPTED;
        } else if (isOpen() instanceof Open.Described wanted && refused.ref().equals(Optional.of(wanted.ref))) {
            refuseReoffer(refused.code());
            if (wanted.beginsHold) {
                unhold();
            }
        } else if (isOpen() instanceof Open.Resuming wanted && refused.ref().equals(Optional.of(wanted.ref))) {
            refuseReoffer(refused.code());
        } else if (isOpen() instanceof Open.Wanted && refused.ref().isEmpty()) {
            refuseReoffer(refused.code());
        } else if (isOpen() instanceof Open.Renewing && refused.ref().isEmpty()) {
            open = Optional.empty();
        } else if (stage == Stage.ACCEPTED && refused.ref().isEmpty()) {
            // What it has said 200 with is no answer to our offer, or another one was sooner.
            tell(new CallEvent.Reject(client, Optional.empty(), false));
            hangUp(EndCause.MEDIA_REFUSED.hangupReason());
        }
    }

    /** What is refused for the moment only may be asked for again. */
    private void refuseReoffer(ErrorCode why) {
        if (why == ErrorCode.WRONG_STATE) {
            open = Optional.empty();
            act(new PhoneAction.DeferReoffer());
        } else {
            rejectReoffer();
        }
    }

    private void rejectReoffer() {
        open = Optional.empty();
        act(new PhoneAction.RejectReoffer());
    }

    private static int status(ErrorCode code) {
        return switch (code) {
            case NO_TRANSFER -> 501;
            case UNKNOWN_CALL, WRONG_STATE -> 603;
            default -> 488;
        };
    }

    private void onOver(Ending ending) {
        Stage before = stage;
        HangupReason reason = reason(ending);
        if (before == Stage.CALLING) {
            act(new PhoneAction.Reject(new Rejection(ending.cause().sip(), reason)));
            leave();
        } else if (before == Stage.WAITING) {
            leave();
        } else {
            hangUp(reason);
        }
    }

    /** The trunk's own cause, where it told one (RFC 3326). */
    private static HangupReason reason(Ending ending) {
        HangupReason ours = ending.cause().hangupReason();
        int told = ending.q850().orElse(0);
        return told >= 1 && told <= 127 ? new HangupReason(told, ours.text()) : ours;
    }

    private void hangUp(HangupReason reason) {
        act(new PhoneAction.HangUp(reason));
        leave();
    }

    private void leave() {
        stage = Stage.OVER;
        act(new PhoneAction.Forget());
    }

    // ---- from the dialog

    List<PhoneAction> onDialog(TrunkEvent event) {
        if (stage != Stage.OVER) {
            handle(event);
        }
        return drain();
    }

    private void handle(TrunkEvent event) {
        switch (event) {
            case TrunkEvent.Answered answered -> onAnswered(answered.sdp());
            case TrunkEvent.Failed failed -> onFailed(failed.failure());
            case TrunkEvent.Ended _ -> onEnded();
            case TrunkEvent.Reoffer offer -> onReoffer(offer.sdp());
            case TrunkEvent.OfferWanted _ -> onOfferWanted();
            case TrunkEvent.AnswerInAck said -> {
                if (isOpen() instanceof Open.Given) {
                    open = Optional.empty();
                    tell(new CallEvent.AcceptWithAnswer(client, said.sdp()));
                }
            }
            case TrunkEvent.ReofferAnswered said -> {
                if (isOpen() instanceof Open.Renewing) {
                    open = Optional.empty();
                    tell(new CallEvent.AcceptWithAnswer(client, said.sdp()));
                }
            }
            case TrunkEvent.ReofferRefused _ -> {
                if (isOpen() instanceof Open.Renewing) {
                    // There are no media, and there will be none.
                    open = Optional.empty();
                    tell(new CallEvent.HangUp(client, Optional.empty()));
                }
            }
            case TrunkEvent.InfoReceived info -> onInfo(info.body());
            case TrunkEvent.Referred referred -> onReferred(referred.target());
            // That it rings is known since it was called; a refresh changes nothing; and no INFO of ours has to arrive.
            case TrunkEvent.Trying _,
                    TrunkEvent.Progress _,
                    TrunkEvent.Confirmed _,
                    TrunkEvent.RefreshAnswered _,
                    TrunkEvent.Capabilities _,
                    TrunkEvent.InfoAnswered _,
                    TrunkEvent.ReferProgress _,
                    TrunkEvent.ReferEnded _ -> {}
        }
    }

    private void onAnswered(Optional<String> sdp) {
        if (stage != Stage.RUNG) {
            return;
        }
        if (sdp.isPresent()) {
            stage = Stage.ACCEPTED;
            tell(new CallEvent.AcceptWithAnswer(client, sdp.get()));
        } else {
            tell(new CallEvent.Reject(client, Optional.empty(), false));
            hangUp(EndCause.MEDIA_REFUSED.hangupReason());
        }
    }

    private void onFailed(TrunkFailure failure) {
        tell(refusal(failure));
        leave();
    }

    /** What a phone's refusal is to the call: a person's no, or nobody there. */
    private CallEvent refusal(TrunkFailure failure) {
        if (failure instanceof TrunkFailure.Refused refused) {
            switch (refused.status()) {
                case 486, 600 -> {
                    return new CallEvent.Reject(client, Optional.empty(), true);
                }
                // 480 is what JsSIP and SIP.js say unless told otherwise when their user turns a call down.
                case 480, 603, 403, 607 -> {
                    return new CallEvent.Reject(client, Optional.empty(), false);
                }
                default -> {}
            }
        }
        return new CallEvent.ClientGone(client);
    }

    private void onEnded() {
        if (isAway) {
            // It was waited for, and has not come back.
            tell(new CallEvent.ClientGone(client));
        }
        tell(new CallEvent.HangUp(client, Optional.empty()));
        leave();
    }

    private void onReoffer(String sdp) {
        if (!mayReoffer()) {
            return;
        }
        boolean holds = OfferedDirection.holds(sdp);
        if (isHolding && !holds) {
            String ref = newRef();
            open = Optional.of(new Open.Resuming(ref, sdp));
            tell(new CallEvent.Resume(client, Optional.of(ref)));
            return;
        }
        isHoldOwed &= holds;
        boolean beginsHold = holds && !isHolding;
        if (beginsHold) {
            hold();
        }
        describe(sdp, beginsHold);
    }

    private void hold() {
        String ref = newRef();
        isHolding = true;
        isHoldOwed = false;
        holdAskedBy = Optional.of(ref);
        tell(new CallEvent.Hold(client, Optional.of(ref)));
    }

    // What was agreed before goes on: to the phone this was no hold.
    private void unhold() {
        isHoldOwed = false;
        if (isHolding) {
            isHolding = false;
            tell(new CallEvent.Resume(client, Optional.of(newRef())));
        }
    }

    private void describe(String offer, boolean beginsHold) {
        String ref = newRef();
        open = Optional.of(new Open.Described(ref, beginsHold));
        tell(new CallEvent.Update(client, Optional.of(ref), offer));
    }

    // While an offer of ours is made ready, theirs is to come again (RFC 3261 14.2).
    private boolean mayReoffer() {
        if (isUp() && isOpen() instanceof Open.Renewing) {
            act(new PhoneAction.DeferReoffer());
        } else if (!isUp() || open.isPresent()) {
            act(new PhoneAction.RejectReoffer());
        } else {
            return true;
        }
        return false;
    }

    private void onOfferWanted() {
        if (mayReoffer()) {
            open = Optional.of(new Open.Wanted());
            tell(new CallEvent.WebOfferWanted(client));
        }
    }

    private void onInfo(InfoBody body) {
        if (DtmfBody.parse(body.mediaType(), body.text()) instanceof DtmfBody.Press press) {
            tell(new CallEvent.Press(
                    client,
                    Optional.of(newRef()),
                    List.of(new Stroke.Press(press.digit())),
                    Duration.ofMillis(press.lengthMillis()),
                    GAP));
        }
    }

    private void onReferred(ReferTarget target) {
        if (stage != Stage.TALKING || transfer.isUnderWay()) {
            act(new PhoneAction.RejectRefer(603));
        } else {
            String ref = newRef();
            transfer.onAsked(ref);
            act(new PhoneAction.Transfer(ref, target));
        }
    }

    /** The transfer that was asked for under this reference is none: there is no such call, or no such number. */
    List<PhoneAction> onTransferRefused(String ref, int status) {
        if (stage != Stage.OVER && transfer.isThis(Optional.of(ref))) {
            actions.addAll(transfer.onRefused(status));
        }
        return drain();
    }

    // ---- whether it is there

    List<PhoneAction> onAway(Duration reload) {
        isAway = true;
        return present(new CallEvent.ClientAway(client, reload));
    }

    List<PhoneAction> onBack() {
        isAway = false;
        return present(new CallEvent.ClientBack(client));
    }

    private List<PhoneAction> present(CallEvent event) {
        if (stage != Stage.OVER) {
            tell(event);
        }
        return drain();
    }

    /** The call is not there any more, and has not said so. */
    List<PhoneAction> onCallGone() {
        if (stage != Stage.OVER) {
            onOver(Ending.of(EndCause.INTERRUPTED));
        }
        return drain();
    }

    // ---- inner

    private boolean isUp() {
        return stage == Stage.ACCEPTED || stage == Stage.TALKING;
    }

    private @Nullable Open isOpen() {
        return open.orElse(null);
    }

    private String newRef() {
        return "sip-" + ++refs;
    }

    private void tell(CallEvent event) {
        act(new PhoneAction.ToCall(event));
    }

    private void act(PhoneAction action) {
        actions.add(action);
    }

    private List<PhoneAction> drain() {
        List<PhoneAction> drained = List.copyOf(actions);
        actions.clear();
        return drained;
    }
}
