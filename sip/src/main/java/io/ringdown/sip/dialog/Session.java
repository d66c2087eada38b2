package io.ringdown.sip.dialog;

import io.ringdown.sip.DialogState;
import io.ringdown.sip.HangupReason;
import io.ringdown.sip.InfoBody;
import io.ringdown.sip.InfoOutcome;
import io.ringdown.sip.PeerCapabilities;
import io.ringdown.sip.TrunkEvent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What happens within one dialog of a call: requests of the peer (re-INVITE, UPDATE, BYE, ...), our BYE and PRACK; INFO is
 * {@link InfoExchange}'s, REFER {@link ReferExchange}'s, the peer's offers are {@link PeerOffers}', our own {@link Renegotiation}'s. Not safe for threads; writes what is to be done to the call's list.
 *
 * <pre>
 *   EARLY --confirm--> CONFIRMED --bye--> ENDING --answered, timed out--> OVER
 *     |                    `-----BYE of the peer-----------------------^
 *     `-- end ---------------------------------------------------------^
 * </pre>
 */
final class Session {
    private static final int MAX_OUTSTANDING = 8;
    static final SipHeader RETRY_SOON = new SipHeader("Retry-After", "2");
    private static final HangupReason UNKNOWN_THERE = new HangupReason(41, "Dialog unknown to the peer");
    private static final HangupReason NO_ACK = new HangupReason(102, "No acknowledgement"); // recovery on timer expiry
    private static final HangupReason NOT_REFRESHED = new HangupReason(102, "Session expired");

    enum State {
        EARLY,
        CONFIRMED,
        ENDING,
        OVER
    }

    private final Dialog dialog;
    private final Terms terms;
    private final List<CallAction> out;
    private final InfoExchange info;
    private final PeerOffers offers;
    private final SessionTimer timer;
    private final Renegotiation renegotiation;
    private final ReferExchange referral;
    private final Map<Long, OutRequest> outstanding = new HashMap<>();
    private State state = State.EARLY;
    private PeerCapabilities capabilities = PeerCapabilities.UNKNOWN;
    private boolean ourOfferOpen;
    private boolean theirOfferOpen;
    private @Nullable ReliableProvisional reliable;
    private boolean held;
    private boolean retried;
    private Optional<TrunkEvent.Ended> ended = Optional.empty();

    /**
     * Makes it.
     *
     * @param callOver says whether our side has had its final event, so that nothing may be asked of it
     * @param ownsCallId whether the call is ours (RFC 3261 14.1)
     * @param minSe the largest Min-SE that the peer has asked for (RFC 4028), in seconds
     */
    Session(
            Dialog dialog,
            Terms terms,
            List<CallAction> out,
            BooleanSupplier callOver,
            boolean ownsCallId,
            long minSe) {
        this(dialog, terms, out, callOver, ownsCallId, new SessionTimer(terms.sessionTimer(), minSe));
    }

    private Session(
            Dialog dialog,
            Terms terms,
            List<CallAction> out,
            BooleanSupplier callOver,
            boolean ownsCallId,
            SessionTimer timer) {
        this.dialog = dialog;
        this.terms = terms;
        this.out = out;
        this.info = new InfoExchange(dialog, terms, out, callOver);
        this.offers = new PeerOffers(terms, out, callOver);
        this.timer = timer;
        this.renegotiation = new Renegotiation(dialog, terms, out, callOver, ownsCallId, timer);
        this.referral = new ReferExchange(dialog, terms, out, callOver);
    }

    /** As it was written down. */
    static Session of(
            DialogState.Course course,
            Terms terms,
            List<CallAction> out,
            BooleanSupplier callOver,
            boolean ownsCallId,
            long writtenAt) {
        SessionTimer timer =
                SessionTimer.of(terms.sessionTimer(), course.agreed().timer(), writtenAt);
        Session made = new Session(Dialog.of(course), terms, out, callOver, ownsCallId, timer);
        made.learn(course.agreed().capabilities());
        made.renegotiation.resume(course);
        if (course.stage() == DialogState.Stage.CONFIRMED) {
            made.confirm();
        }
        return made;
    }

    /** As it is written down. */
    DialogState.Course written(long now) {
        return new DialogState.Course(
                state == State.EARLY ? DialogState.Stage.EARLY : DialogState.Stage.CONFIRMED,
                isSettled(),
                dialog.remoteTag(),
                dialog.remoteTarget(),
                dialog.routeSet(),
                dialog.localCseq(),
                dialog.remoteCseq(),
                renegotiation.lastInvite(),
                renegotiation.agreed(capabilities, now));
    }

    private boolean isSettled() {
        return state == State.CONFIRMED
                && isFree()
                && renegotiation.isIdle()
                && info.isIdle()
                && referral.isIdle()
                && outstanding.isEmpty();
    }

    Dialog dialog() {
        return dialog;
    }

    State state() {
        return state;
    }

    InfoExchange info() {
        return info;
    }

    ReferExchange referral() {
        return referral;
    }

    boolean isOver() {
        return state == State.OVER;
    }

    /**
     * How it stands for who would put another call in its place.
     *
     * @param over whether it is over for our side, whatever is still to be said
     * @param ours whether we have begun it
     */
    Standing standing(boolean over, boolean ours) {
        Standing.Phase phase = over || state == State.ENDING || state == State.OVER
                ? Standing.Phase.ENDED
                : state == State.EARLY ? Standing.Phase.EARLY : Standing.Phase.CONFIRMED;
        return new Standing(dialog.remoteTag(), dialog.remoteTarget(), phase, ours);
    }

    /** The peer has said this of itself. */
    void learn(PeerCapabilities said) {
        capabilities = capabilities.updatedBy(said);
    }

    PeerCapabilities capabilities() {
        return capabilities;
    }

    /** Whether an INFO of ours could leave, or wait to. */
    boolean sendInfo(long handle, InfoBody body) {
        if (state != State.EARLY && state != State.CONFIRMED) {
            return false;
        }
        info.send(handle, body);
        return true;
    }

    /** Whether a REFER of ours could leave, or wait to. */
    boolean refer(List<SipHeader> said, long now) {
        if (state != State.CONFIRMED) {
            return false;
        }
        referral.ask(said, capabilities, now);
        renegotiate(now);
        return true;
    }

    /** Our INVITE's offer has no answer yet: an offer of the peer meets 491 meanwhile (RFC 3311 5.2). */
    void ourOfferIsOpen(boolean open) {
        ourOfferOpen = open;
    }

    /** The peer's INVITE's offer has no answer yet: another offer meets 500 meanwhile (RFC 3311 5.2). */
    void theirOfferIsOpen(boolean open) {
        theirOfferOpen = open;
    }

    /** Nothing of ours but BYE leaves until {@link #release}: what overtakes our answer meets 481. */
    void hold() {
        held = true;
        info.hold();
    }

    void release(long now) {
        held = false;
        info.release();
        renegotiate(now);
    }

    /** Whether an offer of ours could leave, or wait to; before the answer by UPDATE, where the peer takes that (RFC 3311). */
    boolean reoffer(String sdp, long now) {
        boolean early = state == State.EARLY && !ourOfferOpen && !theirOfferOpen && knowsUpdate();
        if (state != State.CONFIRMED && !early) {
            return false;
        }
        renegotiation.want(sdp);
        renegotiate(now);
        return true;
    }

    private boolean knowsUpdate() {
        return capabilities.allows("UPDATE").orElse(false);
    }

    private void renegotiate(long now) {
        if (isFree()) {
            renegotiation.proceed(state == State.CONFIRMED, knowsUpdate(), now);
        }
        // A hold is settled before the held is sent elsewhere.
        if (referral.isWaiting()
                && isFree()
                && state == State.CONFIRMED
                && !renegotiation.hasInviteOut()
                && !renegotiation.hasOfferOut()
                && !renegotiation.isWaiting()) {
            referral.proceed(now);
        }
    }

    // RFC 3261 14.1: no INVITE of ours while another is in progress in either direction; RFC 3311 5.1: nor offers.
    private boolean isFree() {
        return (state == State.CONFIRMED || state == State.EARLY)
                && !held
                && !ourOfferOpen
                && !theirOfferOpen
                && offers.open().isEmpty()
                && !offers.isUnacknowledged();
    }

    /** The peer's INVITE is answered by these provisional responses, which its PRACKs acknowledge. */
    void reliably(ReliableProvisional responses) {
        reliable = responses;
    }

    /** This is our side of the session now. */
    void agreed(String sdp) {
        renegotiation.agreed(sdp);
    }

    /** This is the peer's side of the session now. */
    void described(String sdp) {
        renegotiation.described(sdp);
    }

    /** The peer's 2xx to our INVITE begins its session timer. */
    void beginTimer(Extensions said, long now) {
        timer.onAnswer(said, now);
    }

    /** Our 2xx to the peer's INVITE begins its session timer; what it carries. */
    List<SipHeader> answerTimer(Extensions said, long now) {
        return timer.answer(said, now);
    }

    /** The early dialog is not heard any more: another was answered, or the INVITE refused. */
    void abandon() {
        offers.end(481);
        renegotiation.abandon();
    }

    void confirm() {
        if (state == State.EARLY) {
            state = State.CONFIRMED;
            info.confirm();
        }
    }

    /** Over without a word: an early dialog that came to nothing. */
    void end() {
        renegotiation.end();
        state = State.OVER;
    }

    /** How the peer ended it, told once. */
    Optional<TrunkEvent.Ended> takeEnded() {
        Optional<TrunkEvent.Ended> taken = ended;
        ended = Optional.empty();
        return taken;
    }

    void bye(HangupReason reason) {
        if (state == State.ENDING || state == State.OVER) {
            return;
        }
        offers.end(487);
        info.end();
        referral.beforeBye();
        referral.end();
        renegotiation.end();
        state = State.ENDING;
        send(dialog.request("BYE", List.of(Reason.of(reason)), Optional.empty()));
    }

    void prack(long rseq, long inviteCseq) {
        SipHeader rack = new SipHeader("RAck", rseq + " " + inviteCseq + " INVITE");
        send(dialog.request("PRACK", List.of(rack), Optional.empty()));
    }

    private void send(OutRequest request) {
        if (outstanding.size() < MAX_OUTSTANDING) {
            outstanding.put(request.cseq(), request);
        }
        out.add(new CallAction.Send(terms.authorizer()
                .ahead(request.method(), request.target(), request.body())
                .map(request::with)
                .orElse(request)));
    }

    /** A response to a request of ours within the dialog. */
    void onResponse(InResponse response, long now) {
        if (response.method().equals("INVITE") || response.method().equals("UPDATE")) {
            if (renegotiation.onResponse(response, now)) {
                die(UNKNOWN_THERE, "the trunk does not know the call");
            }
            renegotiate(now);
            return;
        }
        if (response.status() < 200) {
            return;
        }
        if (response.method().equals("INFO")) {
            if (info.onResponse(response) && state == State.CONFIRMED) {
                die(UNKNOWN_THERE, "the trunk does not know the call");
            }
            return;
        }
        if (ReferExchange.isMethod(response.method())) {
            referral.onResponse(response, now);
            return;
        }
        OutRequest request = outstanding.remove(response.cseq());
        if (request != null && isChallenge(response.status()) && retryWithCredentials(request, response)) {
            return;
        }
        if (response.method().equals("BYE")) {
            state = State.OVER;
        }
    }

    // RFC 3261 12.2.1.2: a call is ended by BYE then, too.
    private void die(HangupReason reason, String text) {
        if (state == State.CONFIRMED) {
            bye(reason);
            ended = Optional.of(new TrunkEvent.Ended(OptionalInt.of(reason.q850()), text));
        }
    }

    private static boolean isChallenge(int status) {
        return status == 401 || status == 407;
    }

    private boolean retryWithCredentials(OutRequest request, InResponse response) {
        if (retried) {
            return false;
        }
        Optional<SipHeader> credentials = terms.authorizer()
                .answer(response.status(), response.challenges(), request.method(), request.target(), request.body());
        if (credentials.isEmpty()) {
            return false;
        }
        retried = true;
        OutRequest again = dialog.request(request.method(), request.headers(), request.sdp());
        outstanding.put(again.cseq(), again);
        out.add(new CallAction.Send(again.with(credentials.get())));
        return true;
    }

    /** A request of ours had no answer, or could not be sent: for an INFO {@code outcome} says which. */
    void onLost(OutRequest request, InfoOutcome outcome, long now) {
        info.onLost(request, outcome);
        referral.onLost(request);
        if (renegotiation.onLost(request)) {
            die(NOT_REFRESHED, "the trunk did not answer the refresh of the session");
        }
        renegotiate(now);
        outstanding.remove(request.cseq());
        if (request.method().equals("BYE")) {
            state = State.OVER;
        }
    }

    /** Whether an offer waits for our side. */
    boolean hasOffer() {
        return offers.open().isPresent();
    }

    void onRequest(InRequest request, long now) {
        if (request.method().equals("ACK")) {
            onAck(request, now);
            return;
        }
        boolean outlives = request.method().equals("NOTIFY") || request.method().equals("SUBSCRIBE"); // RFC 5057 3
        if (state == State.OVER && !request.method().equals("BYE") && !outlives) {
            respond(request, 481);
            return;
        }
        if (offers.answerAgain(request)) {
            return;
        }
        if (!dialog.takeRemoteCseq(request.cseq())) {
            respond(request, 500, RETRY_SOON);
            return;
        }
        switch (request.method()) {
            case "BYE" -> onBye(request);
            case "INVITE" -> onReinvite(request, now);
            case "UPDATE" -> onUpdate(request, now);
            case "INFO" -> info.onRequest(request, now);
            case "OPTIONS" -> respond(request, 200, Methods.ofOptions(terms.info(), terms.transfers()));
            case "PRACK" -> onPrack(request, now);
            case "REFER", "NOTIFY", "SUBSCRIBE" -> referral.onRequest(request, state == State.CONFIRMED, now);
            default -> respond(request, 405, Methods.allow(terms));
        }
    }

    private void onBye(InRequest request) {
        respond(request, 200);
        offers.end(487);
        if (state != State.ENDING && state != State.OVER) {
            ended = Optional.of(new TrunkEvent.Ended(request.q850(), "hung up by the trunk"));
        }
        info.end();
        referral.end();
        renegotiation.end();
        state = State.OVER;
    }

    private void onReinvite(InRequest request, long now) {
        if (state != State.CONFIRMED) {
            respond(request, state == State.EARLY ? 491 : 481);
        } else if (ourOfferOpen || renegotiation.hasInviteOut() || renegotiation.hasOfferOut()) {
            respond(request, 491);
        } else if (offers.open().isPresent() || offers.isUnacknowledged()) {
            respond(request, 500, RETRY_SOON); // RFC 3261 14.2: one at a time
        } else if (!isTooShort(request)) {
            dialog.refreshTarget(request.contact());
            offers.consider(
                    request,
                    request.sdp().<TrunkEvent>map(TrunkEvent.Reoffer::new).orElseGet(TrunkEvent.OfferWanted::new),
                    now);
        }
    }

    // RFC 4028 9.
    private boolean isTooShort(InRequest request) {
        Optional<SipHeader> least = SessionTimer.refusal(terms.sessionTimer(), request.extensions());
        least.ifPresent(minSe -> respond(request, 422, minSe));
        return least.isPresent();
    }

    private void onUpdate(InRequest request, long now) {
        if (state == State.ENDING) {
            respond(request, 481);
        } else if (isTooShort(request)) {
            return;
        } else if (request.sdp().isEmpty()) {
            dialog.refreshTarget(request.contact());
            respond(request, 200, headersOfAnswer(request, now));
        } else if (ourOfferOpen || renegotiation.hasOfferOut() || offers.isOursUnanswered()) {
            respond(request, 491);
        } else if (theirOfferOpen || offers.open().isPresent()) {
            respond(request, 500, RETRY_SOON);
        } else {
            dialog.refreshTarget(request.contact());
            offers.consider(request, new TrunkEvent.Reoffer(request.sdp().get()), now);
        }
    }

    // RFC 3262 3, 5: it acknowledges first, and may then bring an offer.
    private void onPrack(InRequest request, long now) {
        ReliableProvisional responses = reliable;
        if (responses == null || !responses.acknowledge(request.extensions().rack())) {
            respond(request, 481);
            return;
        }
        theirOfferOpen &= !responses.sdpAcknowledged();
        if (request.sdp().isEmpty()) {
            respond(request, 200);
        } else if (theirOfferOpen || offers.open().isPresent()) {
            respond(request, 500, RETRY_SOON);
        } else if (ourOfferOpen || renegotiation.hasOfferOut()) {
            respond(request, 491);
        } else {
            offers.consider(request, new TrunkEvent.Reoffer(request.sdp().get()), now);
        }
        responses.proceed(now);
        renegotiate(now);
    }

    /** Whether there was an offer to accept. */
    boolean acceptOffer(String sdp, long now) {
        Optional<InRequest> accepted = offers.open();
        accepted.ifPresent(request -> {
            renegotiation.agreed(sdp);
            request.sdp().ifPresent(renegotiation::described);
            offers.accept(sdp, headersOfAnswer(request, now), now);
            renegotiation.overtaken();
        });
        return accepted.isPresent();
    }

    // The session, and with it its timer, begins by the answer to the INVITE: an UPDATE before that refreshes nothing.
    private List<SipHeader> headersOfAnswer(InRequest request, long now) {
        List<SipHeader> headers = new ArrayList<>(Methods.ofInvite(terms));
        if (state == State.CONFIRMED && !request.method().equals("PRACK")) {
            headers.addAll(timer.answer(request.extensions(), now));
        }
        return List.copyOf(headers);
    }

    /** Whether there was an offer to reject. */
    boolean rejectOffer(long now) {
        return refuseOffer(488, now);
    }

    /** The trunk may offer again later; false if nothing waits for our word. */
    boolean deferOffer(long now) {
        return refuseOffer(491, now);
    }

    private boolean refuseOffer(int status, long now) {
        boolean refused = offers.refuse(status);
        renegotiate(now);
        return refused;
    }

    private void onAck(InRequest request, long now) {
        offers.onAck(request).ifPresent(renegotiation::described);
        renegotiate(now);
    }

    /** The peer cannot be reached until {@link #onBack}. */
    void onAway() {
        renegotiation.onAway();
    }

    void onBack(long now) {
        renegotiation.onBack(now);
    }

    /** Nothing can come any more. */
    void forget() {
        referral.forget();
    }

    void onTime(long now) {
        referral.onTime(now);
        if (offers.onTime(now)) {
            die(NO_ACK, "the trunk did not acknowledge");
        }
        if (renegotiation.onTime(now)) {
            die(NOT_REFRESHED, "the trunk did not answer the refresh of the session");
        }
        if (timer.isExpired(now)) {
            die(NOT_REFRESHED, "the session was not refreshed");
        }
        renegotiate(now);
    }

    long nextWakeup() {
        return Math.min(Math.min(offers.nextWakeup(), referral.nextWakeup()), renegotiation.nextWakeup(isFree()));
    }

    private void respond(InRequest request, int status, SipHeader... headers) {
        respond(request, status, List.of(headers));
    }

    private void respond(InRequest request, int status, List<SipHeader> headers) {
        out.add(new CallAction.Respond(request.id(), status, headers, Optional.empty()));
    }

    @Override
    public String toString() {
        return state + " " + dialog;
    }
}
