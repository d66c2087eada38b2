package io.ringdown.gateway.house;

import io.ringdown.gateway.call.Serial;
import io.ringdown.gateway.house.HouseCall.Ask;
import io.ringdown.gateway.house.HouseCall.End;
import io.ringdown.gateway.routing.Extensions;
import io.ringdown.sip.DialogState;
import io.ringdown.sip.HangupReason;
import io.ringdown.sip.InboundCalls;
import io.ringdown.sip.InboundInvite;
import io.ringdown.sip.InfoBody;
import io.ringdown.sip.OutboundInvite;
import io.ringdown.sip.Referral;
import io.ringdown.sip.Rejection;
import io.ringdown.sip.TrunkCall;
import io.ringdown.sip.TrunkEvent;
import io.ringdown.sip.TrunkListener;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Carries a {@link HouseCall}: each end is a {@link TrunkCall}, and whatever is asked is done on one serial, in order. */
final class HouseLine {
    private static final Logger LOG = LoggerFactory.getLogger(HouseLine.class);
    private static final TrunkListener NOBODY = _ -> {};

    private final HouseCall call = new HouseCall();
    private final Serial serial;
    private final String callId;
    private final Runnable onOver;
    private final TrunkListener caller;
    private TrunkListener called = NOBODY;
    private boolean isTold;

    /**
     * A line that is not used yet.
     *
     * @param executor runs it
     * @param callId names it in the log
     * @param caller hears what follows
     * @param onOver is run once, when the call is over
     */
    HouseLine(Executor executor, String callId, TrunkListener caller, Runnable onOver) {
        this.serial = new Serial(executor);
        this.callId = callId;
        this.caller = caller;
        this.onOver = onOver;
    }

    /** The caller's end; whoever is called hears of it from there on. */
    TrunkCall invite(OutboundInvite invite, InboundCalls calls) {
        serial.execute(() -> invited(invite, calls));
        return new Leg(End.CALLER);
    }

    private void invited(OutboundInvite invite, InboundCalls calls) {
        if (call.isOver()) {
            return; // cancelled before it was looked at
        }
        try {
            tell(caller, new TrunkEvent.Trying());
            called = calls.onInvite(
                    new InboundInvite(
                            Extensions.HOUSE,
                            invite.calledNumber(),
                            invite.callerNumber(),
                            invite.callerName(),
                            Optional.of(invite.sdp()),
                            invite.form().headers(),
                            Optional.empty(),
                            Optional.empty()),
                    new Leg(End.CALLED));
        } catch (RuntimeException bug) {
            LOG.error("a call within the house rings nobody", bug);
            perform(End.CALLED, new Ask.Reject(new Rejection(500, new HangupReason(41, "Internal error"))));
        }
    }

    private void ask(End from, Ask ask) {
        serial.execute(() -> perform(from, ask));
    }

    private void perform(End from, Ask ask) {
        call.on(from, ask).forEach(told -> tell(told.to() == End.CALLER ? caller : called, told.event()));
        if (call.isOver() && !isTold) {
            isTold = true;
            onOver.run();
        }
    }

    private static void tell(TrunkListener listener, TrunkEvent event) {
        try {
            listener.onEvent(event);
        } catch (RuntimeException bug) {
            LOG.error(
                    "the end of a call within the house does not take {}",
                    event.getClass().getSimpleName(),
                    bug);
        }
    }

    /** One end of it. */
    private final class Leg implements TrunkCall {
        private final End end;

        Leg(End end) {
            this.end = end;
        }

        @Override
        public String callId() {
            return callId;
        }

        @Override
        public void knownAs(String name) {
            LOG.debug("call {} is the {} of call {} within the house", name, end, callId);
        }

        @Override
        public void ring() {
            ask(end, new Ask.Ring());
        }

        @Override
        public void progress(String sdp) {
            ask(end, new Ask.Progress(sdp));
        }

        @Override
        public void answer(String sdp) {
            ask(end, new Ask.Answer(sdp));
        }

        @Override
        public void reject(Rejection rejection) {
            ask(end, new Ask.Reject(rejection));
        }

        @Override
        public void acceptReoffer(String sdp) {
            ask(end, new Ask.AcceptReoffer(sdp));
        }

        @Override
        public void rejectReoffer() {
            ask(end, new Ask.RejectReoffer());
        }

        @Override
        public void deferReoffer() {
            ask(end, new Ask.DeferReoffer());
        }

        @Override
        public void reoffer(String sdp) {
            ask(end, new Ask.Reoffer(sdp));
        }

        @Override
        public void info(long handle, InfoBody body) {
            ask(end, new Ask.Info(handle, body));
        }

        @Override
        public void refer(Referral referral) {
            ask(end, new Ask.Refer());
        }

        // Nobody here is told of a REFER, so that there is none to answer.

        @Override
        public void acceptRefer() {
            LOG.debug("call {} has no REFER to accept", callId);
        }

        @Override
        public void rejectRefer(int status) {
            LOG.debug("call {} has no REFER to refuse", callId);
        }

        @Override
        public void referProgress(int status) {
            LOG.debug("call {} has no REFER to tell of", callId);
        }

        @Override
        public void hangUp(HangupReason reason) {
            ask(end, new Ask.HangUp(reason));
        }

        /** It is in this process and nowhere else, so there is nothing to write down. */
        @Override
        public Optional<DialogState> state() {
            return Optional.empty();
        }

        @Override
        public CompletableFuture<Optional<DialogState>> letGo() {
            return CompletableFuture.completedFuture(Optional.empty());
        }

        @Override
        public void abandon() {
            ask(end, new Ask.Abandon());
        }
    }
}
