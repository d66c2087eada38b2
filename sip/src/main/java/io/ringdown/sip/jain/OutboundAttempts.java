package io.ringdown.sip.jain;

import io.ringdown.sip.DialogState;
import io.ringdown.sip.HangupReason;
import io.ringdown.sip.InfoBody;
import io.ringdown.sip.Referral;
import io.ringdown.sip.Rejection;
import io.ringdown.sip.TrunkEvent;
import io.ringdown.sip.TrunkFailure;
import io.ringdown.sip.TrunkListener;
import io.ringdown.sip.locate.Hunt;
import io.ringdown.sip.locate.Target;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A call out, over as many addresses of the trunk as it needs: one {@link JainCall} after another, which the caller sees as
 * one. A call that was given up lives on until nothing can come of it any more, so a late answer is still acknowledged and
 * ended. What the caller wants goes to the attempt under way, from any thread; events come from that attempt's thread alone.
 */
final class OutboundAttempts implements Referring.Sibling, TrunkListener {
    private static final Logger LOG = LoggerFactory.getLogger(OutboundAttempts.class);
    private static final long LOOK_UP_MILLIS = 2000;
    private static final int MAX_WISHES = 64;

    private final Trunk trunk;
    private final TrunkListener caller;
    private final Attempts attempts;
    private final JainCall.Surroundings around;
    private final String firstCallId;
    private volatile @Nullable JainCall current;
    private volatile @Nullable HangupReason hungUp;
    private volatile boolean abandoned;
    private final Queue<Consumer<JainCall>> wishes = new ConcurrentLinkedQueue<>();
    private volatile @Nullable Hunt hunt;
    private volatile @Nullable Target target;
    private final Set<String> names = ConcurrentHashMap.newKeySet();
    private boolean tryingTold;

    /** Makes attempts. */
    interface Attempts {

        /** A new Call-ID. */
        String callId();

        /** Whether the trunk is to be passed over. */
        boolean passedOver();

        /** Whether every address is tried, whatever is known of it. */
        boolean urgent();

        /** Begins one, which comes back by {@link #onBegun}; false where there are too many calls. */
        boolean begin(Hunt.Attempt attempt, String callId, OutboundAttempts listener);
    }

    OutboundAttempts(Trunk trunk, TrunkListener caller, Attempts attempts, JainCall.Surroundings around) {
        this.trunk = trunk;
        this.caller = caller;
        this.attempts = attempts;
        this.around = around;
        this.firstCallId = attempts.callId();
    }

    /** Begins; where nothing is known yet of where the trunk is, when that is known, 2 s at most. Returns at once. */
    void begin() {
        if (trunk.isLocated()) {
            beginLocated();
        } else {
            around.execute(() -> {
                awaitLocated();
                if (hungUp == null) {
                    beginLocated();
                } else {
                    fail(new TrunkFailure.Cancelled());
                }
            });
        }
    }

    private void awaitLocated() {
        try {
            trunk.awaitLocated(LOOK_UP_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void beginLocated() {
        if (attempts.passedOver()) {
            fail(new TrunkFailure.Unreachable("all its addresses are down"));
            return;
        }
        Targets targets = trunk.targets();
        Hunt made = new Hunt(
                targets.order(),
                targets::isDown,
                target -> attempts.urgent() || targets.mayCarry(target),
                trunk.settings().silentAfter());
        hunt = made;
        if (!attemptNext(made, firstCallId)) {
            fail(new TrunkFailure.Unreachable("name not found"));
        }
    }

    private boolean attemptNext(Hunt on, String callId) {
        Optional<Hunt.Attempt> attempt = on.next();
        if (attempt.isEmpty()) {
            return false;
        }
        target = attempt.get().target();
        names.forEach(name -> around.trace().name(callId, name));
        if (!attempts.begin(attempt.get(), callId, this)) {
            fail(new TrunkFailure.Unreachable("too many calls on this gateway"));
        }
        return true;
    }

    /** First thing within an attempt's own queue; {@code start} sends its INVITE. */
    void onBegun(JainCall attempt, Runnable start) {
        names.forEach(attempt::knownAs);
        current = attempt;
        start.run();
        fulfil();
        HangupReason reason = hungUp;
        if (reason != null) {
            attempt.hangUp(reason); // it crossed the change of addresses
        }
    }

    private void fail(TrunkFailure failure) {
        around.execute(() -> tell(new TrunkEvent.Failed(failure)));
    }

    private void tell(TrunkEvent event) {
        if (!abandoned) {
            caller.onEvent(event);
        }
    }

    @Override
    public void onEvent(TrunkEvent event) {
        Hunt on = hunt;
        Target at = target;
        if (on == null || at == null) {
            throw new IllegalStateException("an event before the first attempt");
        }
        JainCall attempt = current;
        if (attempt != null && attempt.isUnwritten()) {
            tell(event); // no other address would help, and none has failed
            return;
        }
        switch (on.onEvent(event)) {
            case ALIVE -> trunk.targets().onAlive(at);
            case FAILED -> trunk.targets().onFailure(at);
            case NONE -> {}
        }
        if (event instanceof TrunkEvent.Failed(TrunkFailure failure)
                && on.mayGoOn(failure)
                && hungUp == null
                && goesOn(on, at)) {
            return;
        }
        boolean again = event instanceof TrunkEvent.Trying && tryingTold;
        tryingTold |= event instanceof TrunkEvent.Trying;
        if (!again) {
            tell(event);
        }
    }

    private boolean goesOn(Hunt on, Target failed) {
        String callId = attempts.callId();
        boolean gone = attemptNext(on, callId);
        if (gone) {
            LOG.info("trunk {}: {} has failed a call, which goes on as {}", trunk.name(), failed, callId);
        }
        return gone;
    }

    // What is wished before the first attempt stands is done as soon as it does.
    private void toCurrent(Consumer<JainCall> wish) {
        if (current != null || wishes.size() < MAX_WISHES) {
            wishes.add(wish);
        }
        if (current != null) {
            fulfil();
        }
    }

    private void fulfil() {
        JainCall attempt = current;
        if (attempt != null) {
            for (Consumer<JainCall> wish = wishes.poll(); wish != null; wish = wishes.poll()) {
                wish.accept(attempt);
            }
        }
    }

    @Override
    public String callId() {
        JainCall attempt = current;
        return attempt == null ? firstCallId : attempt.callId();
    }

    @Override
    public void knownAs(String name) {
        names.add(name);
        JainCall attempt = current;
        if (attempt == null) {
            around.trace().name(firstCallId, name);
        } else {
            attempt.knownAs(name);
        }
    }

    @Override
    public void ring() {
        toCurrent(JainCall::ring);
    }

    @Override
    public void progress(String sdp) {
        toCurrent(call -> call.progress(sdp));
    }

    @Override
    public void answer(String sdp) {
        toCurrent(call -> call.answer(sdp));
    }

    @Override
    public void reject(Rejection rejection) {
        toCurrent(call -> call.reject(rejection));
    }

    @Override
    public void acceptReoffer(String sdp) {
        toCurrent(call -> call.acceptReoffer(sdp));
    }

    @Override
    public void rejectReoffer() {
        toCurrent(JainCall::rejectReoffer);
    }

    @Override
    public void deferReoffer() {
        toCurrent(JainCall::deferReoffer);
    }

    @Override
    public void reoffer(String sdp) {
        toCurrent(call -> call.reoffer(sdp));
    }

    @Override
    public void info(long handle, InfoBody body) {
        toCurrent(call -> call.info(handle, body));
    }

    @Override
    public Object family() {
        return around;
    }

    @Override
    public Optional<String> referTo() {
        JainCall attempt = current;
        return attempt == null ? Optional.empty() : attempt.referTo();
    }

    @Override
    public void refer(Referral referral) {
        Referring.require(referral, around);
        toCurrent(call -> call.refer(referral));
    }

    @Override
    public void acceptRefer() {
        toCurrent(JainCall::acceptRefer);
    }

    @Override
    public void rejectRefer(int status) {
        toCurrent(call -> call.rejectRefer(status));
    }

    @Override
    public void referProgress(int status) {
        toCurrent(call -> call.referProgress(status));
    }

    @Override
    public void hangUp(HangupReason reason) {
        hungUp = reason; // before current is read: an attempt that begins now sees it
        JainCall attempt = current;
        if (attempt != null) {
            attempt.hangUp(reason);
        }
    }

    @Override
    public Optional<DialogState> state() {
        JainCall attempt = current;
        return attempt == null ? Optional.empty() : attempt.state();
    }

    @Override
    public CompletableFuture<Optional<DialogState>> letGo() {
        JainCall attempt = current;
        return attempt == null ? CompletableFuture.completedFuture(Optional.empty()) : attempt.letGo();
    }

    @Override
    public void abandon() {
        abandoned = true;
        hungUp = HangupReason.NORMAL; // an attempt that begins now sends nothing
        JainCall attempt = current;
        if (attempt != null) {
            attempt.abandon();
        }
    }
}
