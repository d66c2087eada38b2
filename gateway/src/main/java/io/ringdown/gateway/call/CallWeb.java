package io.ringdown.gateway.call;

import io.ringdown.media.MediaEvent;
import io.ringdown.media.codec.AudioCodec;
import java.util.Optional;

/** The browser's side of a call: its offers, its media, its socket. Pure, as the call is. */
final class CallWeb {
    private final CallFacts facts;
    private final CallOut out;
    private final CallIn in;
    private final CallRequests requests;
    private boolean isSilent;
    private boolean isClosed;
    private boolean isOwnerGone;

    /** All of it, to be written down. */
    record State(boolean isSilent, boolean isClosed, boolean isOwnerGone) {
        static final State BEGUN = new State(false, false, false);
    }

    CallWeb(State state, CallFacts facts, CallOut out, CallIn in, CallRequests requests) {
        this.facts = facts;
        this.out = out;
        this.in = in;
        this.requests = requests;
        this.isSilent = state.isSilent;
        this.isClosed = state.isClosed;
        this.isOwnerGone = state.isOwnerGone;
    }

    State state() {
        return new State(isSilent, isClosed, isOwnerGone);
    }

    void onUpdate(CallEvent.Update update) {
        if (!facts.owns(update.client()) || !facts.answerTold) {
            facts.refuse(update.client(), update.ref(), ErrorCode.WRONG_STATE, "This call has no media yet.");
        } else {
            answer(update.ref(), update.offer());
        }
    }

    void onClientGone(ClientId client, long now) {
        if (facts.owns(client)) {
            isOwnerGone = true;
            // An established call lives as long as its media; one that is still being set up has nobody to talk to.
            if (facts.state != Call.State.ESTABLISHED || isClosed || isSilent) {
                facts.end(Ending.of(EndCause.SOCKET_LOST));
            }
        } else {
            in.onGone(client, now);
        }
    }

    /** Media for an offer of the client; the first opens them. */
    void answer(Optional<String> forRef, String offer) {
        boolean isNew = !facts.mediaOpen;
        facts.mediaOpen = true;
        facts.act(new CallAction.AnswerWeb(forRef, offer));
        if (isNew) {
            requests.onMediaOpened();
        }
    }

    void onAnswered(CallEvent.WebAnswered answered, long now) {
        if (facts.owner.isEmpty()) {
            return;
        }
        facts.tellOwner(new CallNews.Answer(answered.ref(), answered.sdp()));
        isClosed = false;
        boolean first = !facts.answerTold;
        facts.answerTold = true;
        if (first) {
            requests.onFirstAnswer(facts.owner.get());
        }
        if (facts.state == Call.State.ACCEPTING) {
            in.onAccepted(now);
        } else if (first && facts.isOutbound() && facts.settings.dial() == CallSettings.Dial.AT_ONCE) {
            out.dialNext();
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

    void onConnected() {
        facts.stop(CallFacts.Timer.CONNECT);
        if (facts.webConnected) {
            return;
        }
        facts.webConnected = true;
        if (facts.state == Call.State.CONNECTING) {
            if (facts.isOutbound()) {
                out.dialNext();
            } else {
                in.answer();
            }
        }
    }

    void onCodecWanted(AudioCodec codec) {
        if (facts.mediaOpen && facts.answerTold) {
            facts.act(new CallAction.AnswerWebWith(codec));
        }
    }

    void onFailed(MediaEvent.WebFailed.Cause cause) {
        facts.end(
                switch (cause) {
                    case FINGERPRINT_MISMATCH ->
                        Ending.of(
                                EndCause.MEDIA_REFUSED,
                                "The certificate of the DTLS handshake is not the one of the offer's fingerprint.");
                    case HANDSHAKE_FAILED ->
                        Ending.of(EndCause.MEDIA_UNREACHABLE, "The DTLS handshake with the browser failed.");
                });
    }

    void onClosed() {
        isClosed = true;
        if (facts.owner.map(ClientId::road).equals(Optional.of(ClientId.Road.HTTP))) {
            facts.end(Ending.of(facts.trunkAnswered ? EndCause.NORMAL : EndCause.CANCELLED));
        } else if (isOwnerGone) {
            facts.end(Ending.of(EndCause.SOCKET_LOST));
        }
    }

    /** Told twice in a silence: at 10 s, which ends the call if its socket is gone too, and at 30 s, which ends it anyway. */
    void onSilent() {
        if (isOwnerGone) {
            facts.end(Ending.of(EndCause.SOCKET_LOST));
        } else if (isSilent) {
            facts.end(Ending.of(EndCause.MEDIA_LOST));
        } else {
            isSilent = true;
        }
    }

    /** It sends again. */
    void onHeard() {
        isSilent = false;
    }
}
