package io.ringdown.gateway.call;

import io.ringdown.media.MediaEvent;
import io.ringdown.media.codec.AudioCodec;
import java.time.Duration;
import java.util.Optional;

/**
 * The browser's side of a call: its offers, its media, its socket. Pure, as the call is. The one liveness rule stands here:
 *
 * <pre>
 *  owner     media closed by the browser           media silent
 *  present   goes on                               30 s: media-lost
 *  away      ends after the time for a reload      30 s: socket-lost
 *  gone      ends                                  10 s: socket-lost
 * </pre>
 *
 * A call that is still being set up waits for an owner who is away, and ends with one who is gone.
 */
final class CallWeb {
    private static final String CLOSED = "The page was closed.";
    private static final String SILENT = "It fell silent: it crashed, or its network is gone.";

    /** Where the one is whose call it is. */
    enum Owner {
        PRESENT,
        AWAY,
        GONE
    }

    private final CallFacts facts;
    private final CallOut out;
    private final CallIn in;
    private final CallRequests requests;
    private final CallHandOver handOver;
    private final CallOrigination origination;
    private Owner ownerIs;
    private Duration reload;
    private boolean isSilent;
    private boolean isLost;
    private boolean isClosed;
    private boolean isMediaWanted;

    /** All of it, to be written down. */
    record State(
            Owner ownerIs, Duration reload, boolean isSilent, boolean isLost, boolean isClosed, boolean isMediaWanted) {
        static final State BEGUN = new State(Owner.PRESENT, Duration.ZERO, false, false, false, false);
    }

    CallWeb(
            State state,
            CallFacts facts,
            CallOut out,
            CallIn in,
            CallRequests requests,
            CallHandOver handOver,
            CallOrigination origination) {
        this.facts = facts;
        this.out = out;
        this.in = in;
        this.requests = requests;
        this.handOver = handOver;
        this.origination = origination;
        this.ownerIs = state.ownerIs;
        this.reload = state.reload;
        this.isSilent = state.isSilent;
        this.isLost = state.isLost;
        this.isClosed = state.isClosed;
        this.isMediaWanted = state.isMediaWanted;
    }

    State state() {
        return new State(ownerIs, reload, isSilent, isLost, isClosed, isMediaWanted);
    }

    void onUpdate(CallEvent.Update update) {
        if (!facts.owns(update.client()) || !facts.answerTold) {
            facts.refuse(update.client(), update.ref(), ErrorCode.WRONG_STATE, "This call has no media yet.");
        } else {
            answer(update.ref(), update.offer());
        }
    }

    // ---- whether anybody is there

    /** Somebody takes the call, and so is there. */
    void onOwned() {
        ownerIs = Owner.PRESENT;
        isSilent = false;
        isLost = false;
        facts.stop(CallFacts.Timer.RETURN);
    }

    void onClientAway(ClientId client, Duration forReload, long now) {
        if (isOwner(client)) {
            ownerIs = Owner.AWAY;
            reload = forReload;
            facts.stop(CallFacts.Timer.RETURN);
            if (isLost) {
                facts.end(Ending.of(EndCause.SOCKET_LOST, SILENT));
            } else if (isClosed) {
                facts.wake(CallFacts.Timer.RELOAD, reload, now);
            }
        }
    }

    void onClientBack(ClientId client, long now) {
        if (isOwner(client)) {
            ownerIs = Owner.PRESENT;
            facts.stop(CallFacts.Timer.RELOAD);
            if (isSilent || isClosed) {
                // What it offers now takes a moment to be heard, and the silence before is about to be told as too
                // long. Who comes again and again has no more of it.
                facts.wakeUnlessSet(CallFacts.Timer.RETURN, facts.settings.connectTimeout(), now);
            }
        }
    }

    void onClientGone(ClientId client, long now) {
        if (isOwner(client)) {
            ownerIs = Owner.GONE;
            facts.stop(CallFacts.Timer.RETURN);
            // An established call lives as long as its media; one that is still being set up has nobody to talk to.
            if (facts.state != Call.State.ESTABLISHED || isClosed || isSilent) {
                facts.end(nobodyThere());
            }
        } else {
            in.onGone(client, now);
        }
    }

    /** Also who is about to have it: an accept waits for its answer no longer than it takes to make one. */
    private boolean isOwner(ClientId client) {
        return facts.owner.equals(Optional.of(client));
    }

    /** It closed its page, and is not back in the time that it takes to load one. */
    void onReloadLate() {
        if (ownerIs != Owner.PRESENT && isClosed) {
            facts.end(nobodyThere());
        }
    }

    /** It is back for a while, and nothing has been heard of it. */
    void onReturnLate() {
        if (isLost) {
            facts.end(Ending.of(EndCause.MEDIA_LOST));
        }
    }

    private Ending nobodyThere() {
        if (isClosed) {
            return Ending.of(EndCause.SOCKET_LOST, CLOSED);
        }
        return isSilent ? Ending.of(EndCause.SOCKET_LOST, SILENT) : Ending.of(EndCause.SOCKET_LOST);
    }

    // ---- media

    /** Media for an offer of the client; the first opens them. */
    void answer(Optional<String> forRef, String offer) {
        open(new CallAction.AnswerWeb(forRef, offer));
    }

    private void open(CallAction describing) {
        boolean isNew = !facts.mediaOpen;
        facts.mediaOpen = true;
        facts.act(describing);
        if (isNew) {
            requests.onMediaOpened();
        }
    }

    // ---- clients that are called and answer

    /** One that is rung, or whose call it is, is to have our offer. */
    void onOfferWanted(ClientId client) {
        if (facts.owns(client) && handOver.isBeingTaken()) {
            facts.refuse(client, Optional.empty(), ErrorCode.WRONG_STATE, "Somebody is taking this call over.");
        } else if (mayHaveOffer(client)) {
            open(new CallAction.OfferWeb(client));
        } else {
            facts.refuse(client, Optional.empty(), ErrorCode.WRONG_STATE, "This call has nothing to offer here.");
        }
    }

    /** Who is rung, or about to have it; and whose call it is, once there are media to be renewed. */
    private boolean mayHaveOffer(ClientId client) {
        return in.rings(client) || handOver.rings(client) || (facts.owns(client) && facts.answerTold);
    }

    void onOffered(CallEvent.WebOffered offered) {
        if (mayHaveOffer(offered.client())) {
            facts.tell(offered.client(), new CallNews.Offer(offered.sdp()));
        }
    }

    /** One takes the call with the answer to our offer, or answers a later one. */
    void onAccept(CallEvent.AcceptWithAnswer accept) {
        if (facts.owns(accept.client()) && handOver.isBeingTaken()) {
            handOver.onOwnersAnswer();
        } else if (facts.owns(accept.client()) && facts.answerTold) {
            facts.act(new CallAction.TakeWebAnswer(accept.answer()));
        } else if (!facts.mediaOpen) {
            facts.refuse(accept.client(), Optional.empty(), ErrorCode.WRONG_STATE, "There was no offer to answer.");
        } else if (in.onAccept(accept.client(), Optional.empty())) {
            onOwned();
            facts.act(new CallAction.TakeWebAnswer(accept.answer()));
        }
    }

    void onAnswerTaken(long now) {
        if (facts.owner.isPresent()) {
            if (facts.state == Call.State.ACCEPTING) {
                facts.tellOwner(new CallNews.Accepted());
            }
            onAgreed(now);
        }
    }

    /** There are no media towards the browser any more. */
    void onMediaWanted() {
        isMediaWanted = true;
        // Of the media that are watched from now on no silence has been told.
        isSilent = false;
        isLost = false;
        facts.tellOwner(new CallNews.Renew());
    }

    boolean isMediaWanted() {
        return isMediaWanted;
    }

    void onAnswered(CallEvent.WebAnswered answered, long now) {
        if (facts.owner.isEmpty()) {
            return;
        }
        facts.tellOwner(new CallNews.Answer(answered.ref(), answered.sdp()));
        onAgreed(now);
    }

    /** Both sides have each other's description. */
    void onAgreed(long now) {
        isMediaWanted = false;
        boolean first = !facts.answerTold;
        facts.answerTold = true;
        if (first) {
            requests.onFirstAnswer(facts.owner.orElseThrow());
        }
        if (facts.state == Call.State.ACCEPTING) {
            in.onAccepted(now);
            if (facts.isOutbound()) {
                origination.onTaken();
            }
        } else if (first && facts.isOutbound()) {
            out.onWebAnswered();
        }
    }

    void onRefused(CallEvent.WebRefused refused) {
        if (facts.owner.isEmpty()) {
            return;
        }
        ClientId client = facts.owner.get();
        if (facts.state == Call.State.ACCEPTING) {
            in.onAcceptFailed(client, refused);
        } else if (facts.answerTold) {
            facts.refuse(client, refused.ref(), ErrorCode.BAD_SDP, refused.why());
        } else {
            facts.end(Ending.of(EndCause.MEDIA_REFUSED, refused.why()));
        }
    }

    /** The answer is the first thing that a client hears of its call. */
    void onMeasured(QualityReport report) {
        if (facts.answerTold) {
            facts.tellOwner(new CallNews.Quality(report));
        }
    }

    /** A peer connection serves: what was closed is the one before it, however late that was told. */
    void onConnected() {
        isClosed = false;
        facts.stop(CallFacts.Timer.RELOAD);
        facts.stop(CallFacts.Timer.CONNECT);
        if (facts.webConnected) {
            return;
        }
        facts.webConnected = true;
        if (facts.state == Call.State.CONNECTING) {
            if (facts.isOutbound()) {
                out.onWebConnected();
            } else {
                in.answer();
            }
        }
    }

    void onCodecWanted(AudioCodec codec) {
        // The last offer, which would be answered again, is not the owner's while somebody is taking the call.
        if (facts.mediaOpen && facts.answerTold && !handOver.isBeingTaken()) {
            facts.act(new CallAction.AnswerWebWith(codec));
        }
    }

    void onFailed(MediaEvent.WebFailed.Cause cause) {
        facts.end(ending(cause));
    }

    /** How whatever is carried ends when the browser's leg will never come up. */
    static Ending ending(MediaEvent.WebFailed.Cause cause) {
        return switch (cause) {
            case FINGERPRINT_MISMATCH ->
                Ending.of(
                        EndCause.MEDIA_REFUSED,
                        "The certificate of the DTLS handshake is not the one of the offer's fingerprint.");
            case HANDSHAKE_FAILED ->
                Ending.of(EndCause.MEDIA_UNREACHABLE, "The DTLS handshake with the browser failed.");
        };
    }

    void onClosed(long now) {
        isClosed = true;
        if (facts.owner.map(ClientId::road).equals(Optional.of(ClientId.Road.HTTP))) {
            facts.end(Ending.of(facts.trunkAnswered ? EndCause.NORMAL : EndCause.CANCELLED));
            return;
        }
        switch (ownerIs) {
            case PRESENT -> {}
            case AWAY -> facts.wake(CallFacts.Timer.RELOAD, reload, now);
            case GONE -> facts.end(nobodyThere());
        }
    }

    /** Told twice in a silence: at 10 s, which ends the call if its owner is gone too, and at 30 s, which ends it anyway. */
    void onSilent(boolean isSecond) {
        isSilent = true;
        if (ownerIs == Owner.GONE) {
            facts.end(nobodyThere());
        } else if (isSecond && ownerIs == Owner.AWAY) {
            facts.end(nobodyThere());
        } else if (isSecond && facts.isSet(CallFacts.Timer.RETURN)) {
            isLost = true;
        } else if (isSecond) {
            facts.end(Ending.of(EndCause.MEDIA_LOST));
        }
    }

    /** It sends again. */
    void onHeard() {
        isSilent = false;
        isLost = false;
        facts.stop(CallFacts.Timer.RETURN);
    }
}
