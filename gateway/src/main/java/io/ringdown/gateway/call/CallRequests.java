package io.ringdown.gateway.call;

import java.util.Optional;

/** What a client may ask of a call that is up, or about to be: digits, hold, silence, secrecy. Pure, as the call is. */
final class CallRequests {
    private final CallFacts facts;
    private final CallIn in;
    private final CallDigits digits;
    private final CallHold hold;
    private boolean secureInput;
    private boolean muted;

    /** All of it, to be written down. */
    record State(boolean secureInput, boolean muted) {
        static final State BEGUN = new State(false, false);
    }

    CallRequests(State state, CallFacts facts, CallIn in, CallDigits digits, CallHold hold) {
        this.facts = facts;
        this.in = in;
        this.digits = digits;
        this.hold = hold;
        this.secureInput = state.secureInput || facts.settings.secureInput() == CallSettings.SecureInput.ALWAYS;
        this.muted = state.muted;
    }

    State state() {
        return new State(secureInput, muted);
    }

    void onPress(CallEvent.Press press) {
        if (!facts.owns(press.client()) || !facts.trunkMedia) {
            facts.refuse(press.client(), press.ref(), ErrorCode.WRONG_STATE, "The telephone cannot hear digits yet.");
        } else {
            facts.act(new CallAction.Press(press.ref(), press.strokes(), press.length(), press.gap()));
        }
    }

    void onPressRefused(Optional<String> ofRef) {
        facts.owner.ifPresent(client -> facts.refuse(
                client,
                ofRef,
                ErrorCode.NO_TELEPHONE_EVENT,
                "No road for digits leads to the trunk just now, or too many are waiting."));
    }

    void onCancelPresses(CallEvent.CancelPresses cancel) {
        if (facts.owns(cancel.client()) && facts.trunkMedia) {
            facts.act(new CallAction.CancelPresses());
        } else {
            facts.refuse(cancel.client(), cancel.ref(), ErrorCode.WRONG_STATE, "This call has no digits yet.");
        }
    }

    void onListen(CallEvent.Listen listen) {
        if (facts.owns(listen.client()) && facts.mediaOpen) {
            digits.listen(listen.wanted(), listen.silence());
        } else {
            facts.refuse(listen.client(), listen.ref(), ErrorCode.WRONG_STATE, "This call has no media yet.");
        }
    }

    void onMute(CallEvent.Mute mute) {
        if (facts.owns(mute.client()) && facts.mediaOpen) {
            muted = mute.muted();
            facts.act(new CallAction.MuteWeb(muted));
        } else {
            facts.refuse(mute.client(), mute.ref(), ErrorCode.WRONG_STATE, "This call has no media yet.");
        }
    }

    void onHold(CallEvent.Hold wanted, boolean isBeingTaken) {
        if (mayHold(wanted.client(), wanted.ref(), isBeingTaken)) {
            hold.hold(wanted.ref());
        }
    }

    void onResume(CallEvent.Resume wanted, boolean isBeingTaken) {
        if (mayHold(wanted.client(), wanted.ref(), isBeingTaken)) {
            hold.resume(wanted.ref());
        }
    }

    private boolean mayHold(ClientId client, Optional<String> forRef, boolean isBeingTaken) {
        if (facts.owns(client) && isBeingTaken) {
            facts.refuse(client, forRef, ErrorCode.WRONG_STATE, "Somebody is taking this call over.");
            return false;
        }
        boolean may = facts.owns(client) && facts.state == Call.State.ESTABLISHED && facts.trunkMedia;
        if (!may) {
            facts.refuse(client, forRef, ErrorCode.WRONG_STATE, "Only a call that was answered can be held.");
        }
        return may;
    }

    /** Who only rings may ask for it, so that it holds from the first sound on; to take it back is the owner's. {@code isHandedTo}: it rings for a transfer. */
    void onSecureInput(CallEvent.SecureInput secure, boolean isHandedTo) {
        boolean isRung = isHandedTo || in.rings(secure.client());
        boolean mayAsk = facts.owns(secure.client()) || (secure.wanted() && isRung);
        if (!mayAsk) {
            facts.refuse(secure.client(), secure.ref(), ErrorCode.WRONG_STATE, "This call is not yours.");
            return;
        }
        boolean before = secureInput;
        secureInput = secure.wanted() || facts.settings.secureInput() == CallSettings.SecureInput.ALWAYS;
        if (facts.mediaOpen && secureInput != before) {
            facts.act(new CallAction.SecureInput(secureInput));
        }
        facts.tell(secure.client(), new CallNews.SecureInput(secure.ref(), secureInput));
    }

    /** Somebody else has the call, or nobody: the telephone hears them, and they are told what is kept from others. */
    void onOtherOwner() {
        if (muted) {
            muted = false;
            facts.act(new CallAction.MuteWeb(false));
        }
        if (secureInput) {
            facts.tellOwner(new CallNews.SecureInput(Optional.empty(), true));
        }
    }

    boolean secureInput() {
        return secureInput;
    }

    boolean isMuted() {
        return muted;
    }

    /** The media of the call have just been opened. */
    void onMediaOpened() {
        if (secureInput) {
            facts.act(new CallAction.SecureInput(true));
        }
    }

    /** The client has its first answer. */
    void onFirstAnswer(ClientId client) {
        if (secureInput) {
            facts.tell(client, new CallNews.SecureInput(Optional.empty(), true));
        }
    }
}
