package io.ringdown.sip.dialog;

import io.ringdown.sip.DialogState;
import io.ringdown.sip.HangupReason;
import io.ringdown.sip.InfoBody;
import io.ringdown.sip.InfoOutcome;
import io.ringdown.sip.PeerCapabilities;
import io.ringdown.sip.RedirectJudge;
import io.ringdown.sip.Rejection;
import io.ringdown.sip.TrunkEvent;
import io.ringdown.sip.TrunkFailure;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * A call that we make (RFC 3261 13.2, 9.1). Not safe for threads.
 *
 * <pre>
 *   CALLING --1xx--> PROCEEDING --2xx--> ESTABLISHED --BYE either way--> OVER
 *      |                  |-- hang up, no answer --> CANCELLING --final, 64*T1--> OVER
 *      |-- hang up, silent --> GIVEN_UP --1xx--^
 *      `-- 3xx..6xx, send error, timer B ------------------------------> OVER
 * </pre>
 *
 * A 2xx that comes when nobody wants it any more, or from a second fork, is acknowledged and its dialog ended by BYE, until
 * 64·T1 after the end.
 */
public final class OutboundCall implements CallCore {
    private static final int MAX_FORKS = 16;
    private static final int MAX_PROGRESS = 200;
    private static final HangupReason NO_ANSWER = new HangupReason(19, "No answer");
    private static final HangupReason SILENT = new HangupReason(102, "No response in time");
    private static final HangupReason NOT_SELECTED = new HangupReason(26, "Answered elsewhere");

    private enum State {
        CALLING,
        PROCEEDING,
        GIVEN_UP,
        CANCELLING,
        ESTABLISHED,
        OVER
    }

    private final Invitation invitation;
    private final Terms terms;
    private final SipTimers timers;
    private final List<CallAction> actions = new ArrayList<>();
    private final Map<String, Session> sessions = new LinkedHashMap<>();
    private final EarlyMedia early = new EarlyMedia();
    private State state = State.CALLING;
    private long silentAt = NEVER;
    private long answerBy = NEVER;
    private long giveUpAt = NEVER;
    private @Nullable Session active;
    private @Nullable Session heard;
    private PeerCapabilities capabilitiesTold = PeerCapabilities.UNKNOWN;
    private @Nullable Session reoffering;
    private HangupReason why = HangupReason.NORMAL;
    private long leastCseq;
    private boolean tryingTold;
    private boolean endTold;
    private int progressTold;
    private Optional<String> lastProgress = Optional.empty();
    private int ignored;

    /**
     * Makes the call; {@link #start} sends the INVITE.
     *
     * @param target the Request-URI
     * @param routes the Route headers' URIs of each INVITE: an outbound proxy, a Service-Route (RFC 3608)
     * @param sdp the offer
     * @param headers what each INVITE carries beside the identity
     * @param place where the caller is, for INVITEs that have it in their body
     * @param judge says which numbers a 3xx may lead to
     */
    public OutboundCall(
            String target,
            List<String> routes,
            String sdp,
            List<SipHeader> headers,
            Optional<LocationPart> place,
            Terms terms,
            RedirectJudge judge) {
        this(new Invitation(target, routes, sdp, headers, place, terms, judge), terms);
    }

    private OutboundCall(Invitation invitation, Terms terms) {
        this.invitation = invitation;
        this.terms = terms;
        this.timers = terms.timers();
    }

    /** Makes a call that takes no particular route and is not redirected. */
    public OutboundCall(String target, String sdp, List<SipHeader> headers, Terms terms) {
        this(target, List.of(), sdp, headers, Optional.empty(), terms, RedirectJudge.NONE);
    }

    /**
     * Goes on with one that was written down; {@link #start} is not for it. Of an early one nobody knows what the peer has said, so
     * it is taken for one that has been heard of: a CANCEL may leave at once. Its INVITE is not sent again, whatever refuses it.
     *
     * @param writtenAt when it was written down
     */
    public static OutboundCall of(
            DialogState.Invite invite, DialogState.Course course, Terms terms, long writtenAt, long now) {
        OutboundCall call = new OutboundCall(Invitation.of(invite, course, terms), terms);
        call.resume(course, writtenAt, now);
        return call;
    }

    private void resume(DialogState.Course course, long writtenAt, long now) {
        tryingTold = true;
        leastCseq = course.localCseq();
        if (course.stage() == DialogState.Stage.EARLY) {
            state = State.PROCEEDING;
            answerBy = now + timers.noAnswerNanos();
            return;
        }
        state = State.ESTABLISHED;
        Session session = Session.of(course, terms, actions, () -> endTold, true, writtenAt);
        sessions.put(course.remoteTag(), session);
        active = session;
        heard = session;
        capabilitiesTold = session.capabilities();
    }

    @Override
    public Optional<DialogState.Course> written(long now) {
        Session session = state == State.ESTABLISHED ? active : ending();
        if (session != null) {
            return Optional.of(session.written(now));
        }
        return state == State.OVER ? Optional.empty() : Optional.of(early(now));
    }

    // Answered when nobody wanted it any more: the peer has a call until it has had our BYE.
    private @Nullable Session ending() {
        return sessions.values().stream()
                .filter(session -> session.state() == Session.State.ENDING)
                .findFirst()
                .orElse(null);
    }

    // Which fork will answer nobody knows: what holds for all of them is written.
    private DialogState.Course early(long now) {
        long cseq = invitation.cseq();
        for (Session session : sessions.values()) {
            cseq = Math.max(cseq, session.dialog().localCseq());
        }
        SessionTimer timer = new SessionTimer(terms.sessionTimer(), invitation.minSe());
        return new DialogState.Course(
                DialogState.Stage.EARLY,
                false,
                "",
                invitation.target(),
                List.of(),
                cseq,
                -1,
                OptionalLong.empty(),
                new DialogState.Agreed(
                        capabilitiesTold, false, Optional.of(invitation.sdp()), Optional.empty(), timer.written(now)));
    }

    /** Sends the INVITE. */
    public void start(long now) {
        answerBy = now + timers.noAnswerNanos();
        sendInvite(invitation.first(), now);
    }

    private void sendInvite(OutRequest invite, long now) {
        state = State.CALLING;
        silentAt = now + timers.silentNanos();
        actions.add(new CallAction.SendInvite(invite));
    }

    /** The INVITE does not leave yet: as long as it waits no peer is silent. {@link #onLeaving} follows, or the end. */
    public void onWaiting() {
        silentAt = NEVER;
    }

    /** The INVITE leaves now: the peer's time to answer begins. */
    public void onLeaving(long now) {
        if (state == State.CALLING) {
            silentAt = now + timers.silentNanos();
        }
    }

    @Override
    public void onResponse(InResponse response, long now) {
        if (!response.method().equals("INVITE") || response.cseq() != invitation.cseq()) {
            Session session = sessions.get(response.toTag().orElse(""));
            if (session == null) {
                ignored++;
            } else {
                session.onResponse(response, now);
            }
        } else if (response.status() < 200) {
            onProvisional(response, now);
        } else if (response.status() < 300) {
            onSuccess(response, now);
        } else {
            onFailure(response, now);
        }
        settle(now);
    }

    private void onProvisional(InResponse response, long now) {
        switch (state) {
            case CALLING, PROCEEDING -> {
                state = State.PROCEEDING;
                silentAt = NEVER;
                tellTrying();
                if (response.status() > 100) {
                    progress(response);
                }
            }
            case GIVEN_UP -> cancel(now);
            case CANCELLING, ESTABLISHED, OVER -> ignored++;
        }
    }

    private void cancel(long now) {
        state = State.CANCELLING;
        answerBy = NEVER;
        giveUpAt = now + timers.transactionNanos();
        actions.add(new CallAction.SendCancel(why));
    }

    private void progress(InResponse response) {
        if (response.toTag().isPresent()) {
            Session session = session(response);
            if (session == null) {
                ignored++;
                return;
            }
            session.dialog().refreshTarget(response.contact());
            session.learn(response.capabilities());
            response.sdp().ifPresent(session::described);
            if (response.rseq().isPresent()) {
                if (!session.dialog().takeRseq(response.rseq().getAsLong())) {
                    ignored++; // sent again, or out of order: RFC 3262 4
                    return;
                }
                session.prack(response.rseq().getAsLong(), invitation.cseq());
                if (response.sdp().isPresent()) {
                    session.ourOfferIsOpen(false);
                }
            }
            progress(
                    response.status(),
                    session,
                    early.on(session, response.sdp(), response.extensions().earlyMedia()));
        } else {
            progress(response.status(), Optional.empty(), response.sdp());
        }
    }

    private void progress(int status, Session session, Optional<EarlyMedia.Turn> turn) {
        turn.ifPresent(to -> hear(to.session()));
        String tag = turn.map(EarlyMedia.Turn::session).orElse(session).dialog().remoteTag();
        progress(status, Optional.of(tag), turn.map(EarlyMedia.Turn::sdp));
    }

    private void progress(int status, Optional<String> tag, Optional<String> description) {
        String said = status + " " + tag.orElse("") + "\n" + description.orElse("");
        if (lastProgress.equals(Optional.of(said)) || progressTold >= MAX_PROGRESS) {
            return;
        }
        progressTold++;
        lastProgress = Optional.of(said);
        tell(new TrunkEvent.Progress(status, description));
    }

    // Media come from one dialog at a time: the one that carried SDP last, then the one that answered. INFO goes there.
    private void hear(Session session) {
        Session before = heard;
        if (before != null && before != session) {
            before.info().dropWaiting(InfoOutcome.Cause.NO_DIALOG);
        }
        heard = session;
        if (!capabilitiesTold.equals(session.capabilities())) {
            capabilitiesTold = session.capabilities();
            tell(new TrunkEvent.Capabilities(capabilitiesTold));
        }
    }

    private @Nullable Session session(InResponse response) {
        String tag = response.toTag().orElse("");
        Session known = sessions.get(tag);
        if (known != null || sessions.size() >= MAX_FORKS) {
            return known;
        }
        Session made = new Session(
                Dialog.ofResponse(response, invitation.target(), leastCseq),
                terms,
                actions,
                () -> endTold,
                true,
                invitation.minSe());
        made.ourOfferIsOpen(true);
        sessions.put(tag, made);
        return made;
    }

    private void onSuccess(InResponse response, long now) {
        Session session = session(response);
        if (session == null) {
            ignored++;
            return;
        }
        boolean again = session.state() != Session.State.EARLY;
        if (!again) {
            session.dialog().onAnswer(response);
            session.learn(response.capabilities());
            session.ourOfferIsOpen(false);
            session.agreed(invitation.sdp());
            response.sdp().ifPresent(session::described);
            session.confirm();
            session.beginTimer(response.extensions(), now);
        }
        actions.add(new CallAction.SendAck(session.dialog().ack(invitation.cseq(), invitation.credentials())));
        if (again) {
            return;
        }
        if (state == State.CALLING || state == State.PROCEEDING) {
            state = State.ESTABLISHED;
            silentAt = NEVER;
            answerBy = NEVER;
            active = session;
            sessions.values().stream().filter(other -> other != session).forEach(Session::abandon);
            reoffering = null;
            tellTrying();
            hear(session);
            tell(new TrunkEvent.Answered(response.sdp().or(() -> early.unheard(session))));
            early.clear();
            lastProgress = Optional.empty();
        } else {
            session.bye(state == State.ESTABLISHED || why.equals(HangupReason.NORMAL) ? NOT_SELECTED : why);
            if (state != State.ESTABLISHED) {
                over(now);
            }
        }
    }

    private void onFailure(InResponse response, long now) {
        switch (state) {
            case CALLING, PROCEEDING -> {
                Optional<OutRequest> again = invitation.after(response);
                boolean challenged = response.status() == 401 || response.status() == 407;
                if (again.isPresent()) {
                    inviteAnew(again.get(), now);
                } else if (challenged) {
                    fail(new TrunkFailure.Unauthorized(response.status()), now);
                } else {
                    fail(
                            new TrunkFailure.Refused(response.status(), response.q850(), response.retryAfterSeconds()),
                            now);
                }
            }
            case GIVEN_UP, CANCELLING -> over(now);
            case ESTABLISHED, OVER -> ignored++;
        }
    }

    private void inviteAnew(OutRequest invite, long now) {
        sessions.values().forEach(session -> {
            session.info().end();
            session.abandon();
        });
        sessions.clear();
        early.clear();
        heard = null;
        sendInvite(invite, now);
    }

    private void fail(TrunkFailure failure, long now) {
        tellEnd(new TrunkEvent.Failed(failure));
        over(now);
    }

    @Override
    public void onRequest(InRequest request, long now) {
        Session session = sessions.get(request.remoteTag()); // which fork it is
        if (session == null || isUnheard(session, request)) {
            if (!request.method().equals("ACK")) {
                actions.add(new CallAction.Respond(request.id(), 481, List.of(), Optional.empty()));
            }
        } else if (isOfferBesideAnother(session, request)) {
            actions.add(new CallAction.Respond(request.id(), 500, List.of(Session.RETRY_SOON), Optional.empty()));
        } else {
            session.onRequest(request, now);
            if (session.hasOffer()) {
                reoffering = session;
            }
            if (active == null && request.method().equals("UPDATE")) {
                onEarlyUpdate(session, request);
            }
        }
        settle(now);
    }

    // Another fork was answered: nobody listens to this one any more.
    private boolean isUnheard(Session session, InRequest request) {
        return active != null
                && session != active
                && !request.method().equals("BYE")
                && !request.method().equals("ACK");
    }

    // Our side thinks about one offer at a time.
    private boolean isOfferBesideAnother(Session session, InRequest request) {
        Session other = reoffering;
        return other != null
                && other != session
                && other.hasOffer()
                && request.sdp().isPresent()
                && !request.method().equals("ACK");
    }

    // An offer that our side was told is heard; one without may still open or silence its dialog (RFC 5009).
    private void onEarlyUpdate(Session session, InRequest request) {
        Optional<EarlyMedia.Turn> turn = early.on(
                session,
                session.hasOffer() ? request.sdp() : Optional.empty(),
                request.extensions().earlyMedia());
        if (session.hasOffer()) {
            hear(session);
        } else if (turn.isPresent()) {
            progress(183, session, turn);
        }
    }

    @Override
    public void onTimeout(OutRequest request, long now) {
        if (request.toTag().isPresent()) {
            lost(request, new InfoOutcome.Unanswered(), now);
        } else if (request.cseq() == invitation.cseq()) {
            switch (state) {
                case CALLING, PROCEEDING -> fail(new TrunkFailure.Silent(), now);
                case GIVEN_UP, CANCELLING -> over(now);
                case ESTABLISHED, OVER -> ignored++;
            }
        }
        settle(now);
    }

    @Override
    public void onSendFailed(OutRequest request, String detail, long now) {
        if (request.toTag().isPresent()) {
            lost(request, new InfoOutcome.NotSent(InfoOutcome.Cause.TRANSPORT), now);
        } else if (request.cseq() == invitation.cseq()) {
            switch (state) {
                case CALLING, PROCEEDING -> fail(new TrunkFailure.Unreachable(detail), now);
                case GIVEN_UP, CANCELLING -> over(now);
                case ESTABLISHED, OVER -> ignored++;
            }
        }
        settle(now);
    }

    @Override
    public void onAway() {
        sessions.values().forEach(Session::onAway);
    }

    @Override
    public void onBack(long now) {
        sessions.values().forEach(session -> session.onBack(now));
    }

    private void lost(OutRequest request, InfoOutcome outcome, long now) {
        Session session = sessions.get(request.toTag().orElse(""));
        if (session == null) {
            ignored++;
        } else {
            session.onLost(request, outcome, now);
        }
    }

    @Override
    public void hangUp(HangupReason reason, long now) {
        switch (state) {
            case CALLING -> {
                why = reason;
                tellEnd(new TrunkEvent.Failed(new TrunkFailure.Cancelled()));
                giveUp(now);
            }
            case PROCEEDING -> {
                why = reason;
                tellEnd(new TrunkEvent.Failed(new TrunkFailure.Cancelled()));
                cancel(now);
            }
            case ESTABLISHED -> {
                if (active != null && active.state() == Session.State.CONFIRMED) {
                    active.bye(reason);
                    tellEnd(new TrunkEvent.Ended(OptionalInt.of(reason.q850()), reason.text()));
                    giveUpAt = now + timers.transactionNanos();
                } else {
                    ignored++;
                }
            }
            case GIVEN_UP, CANCELLING, OVER -> ignored++;
        }
        settle(now);
    }

    // No CANCEL before a provisional response (RFC 3261 9.1): the transaction listens until one comes, or timer B.
    private void giveUp(long now) {
        state = State.GIVEN_UP;
        actions.add(new CallAction.StopRepeating());
        silentAt = NEVER;
        answerBy = NEVER;
        giveUpAt = now + timers.transactionNanos();
    }

    @Override
    public void ring(long now) {
        ignored++;
    }

    @Override
    public void progress(String description, long now) {
        ignored++;
    }

    @Override
    public void answer(String description, long now) {
        ignored++;
    }

    @Override
    public void reject(Rejection rejection, long now) {
        ignored++;
    }

    @Override
    public void acceptReoffer(String description, long now) {
        Session session = reoffering != null ? reoffering : active;
        if (session == null || !session.acceptOffer(description, now)) {
            ignored++;
        }
    }

    @Override
    public void rejectReoffer(long now) {
        Session session = reoffering != null ? reoffering : active;
        if (session == null || !session.rejectOffer(now)) {
            ignored++;
        }
    }

    @Override
    public void deferReoffer(long now) {
        Session session = reoffering != null ? reoffering : active;
        if (session == null || !session.deferOffer(now)) {
            ignored++;
        }
    }

    @Override
    public void reoffer(String description, long now) {
        Session session = active == null ? heard : active;
        if (endTold) {
            ignored++;
        } else if (session == null || !session.reoffer(description, now)) {
            tell(new TrunkEvent.ReofferRefused(OptionalInt.empty()));
        }
    }

    @Override
    public void info(long handle, InfoBody body, long now) {
        Session session = heard;
        if (endTold) {
            ignored++;
        } else if (session == null || !session.sendInfo(handle, body)) {
            tell(new TrunkEvent.InfoAnswered(handle, new InfoOutcome.NotSent(InfoOutcome.Cause.NO_DIALOG)));
        }
    }

    @Override
    public void refer(List<SipHeader> said, long now) {
        Session session = active;
        if (endTold) {
            ignored++;
        } else if (session == null || !session.refer(said, now)) {
            tell(new TrunkEvent.ReferEnded(OptionalInt.empty()));
        }
    }

    @Override
    public void acceptRefer(long now) {
        if (active == null || !active.referral().theirs().accept(now)) {
            ignored++;
        }
    }

    @Override
    public void rejectRefer(int status, long now) {
        if (active == null || !active.referral().theirs().reject(status)) {
            ignored++;
        }
    }

    @Override
    public void referProgress(int status, long now) {
        if (active == null || !active.referral().theirs().progress(status, now)) {
            ignored++;
        }
    }

    @Override
    public List<Standing> standings() {
        List<Standing> all = new ArrayList<>();
        for (Session session : sessions.values()) {
            all.add(session.standing(endTold || (active != null && session != active), true));
        }
        return List.copyOf(all);
    }

    @Override
    public void onTime(long now) {
        if (now >= silentAt) {
            why = SILENT;
            tellEnd(new TrunkEvent.Failed(new TrunkFailure.Silent()));
            giveUp(now);
        } else if (now >= answerBy && (state == State.CALLING || state == State.PROCEEDING)) {
            why = NO_ANSWER;
            tellEnd(new TrunkEvent.Failed(new TrunkFailure.Unanswered()));
            if (state == State.CALLING) {
                giveUp(now);
            } else {
                cancel(now);
            }
        }
        sessions.values().forEach(session -> session.onTime(now));
        if (now >= giveUpAt) {
            onGivenUp(now);
        }
        settle(now);
    }

    private void onGivenUp(long now) {
        switch (state) {
            case OVER -> {
                giveUpAt = NEVER;
                sessions.values().forEach(Session::forget);
                sessions.clear();
                active = null;
                heard = null;
                actions.add(new CallAction.Forget());
            }
            case GIVEN_UP, CANCELLING -> {
                actions.add(new CallAction.ForgetInvite());
                over(now);
            }
            case ESTABLISHED -> over(now);
            case CALLING, PROCEEDING -> giveUpAt = NEVER;
        }
    }

    // After each input: what a session has come to is what the call has come to.
    private void settle(long now) {
        Session session = active;
        if (session == null || state != State.ESTABLISHED) {
            return;
        }
        Optional<TrunkEvent.Ended> ended = session.takeEnded();
        ended.ifPresent(this::tellEnd);
        if (session.isOver()) {
            over(now);
        } else if (ended.isPresent()) {
            giveUpAt = now + timers.transactionNanos();
        }
    }

    private void over(long now) {
        state = State.OVER;
        silentAt = NEVER;
        answerBy = NEVER;
        giveUpAt = now + timers.transactionNanos();
        lastProgress = Optional.empty();
    }

    private void tellTrying() {
        if (!tryingTold) {
            tryingTold = true;
            tell(new TrunkEvent.Trying());
        }
    }

    private void tell(TrunkEvent event) {
        if (!endTold) {
            actions.add(new CallAction.Tell(event));
        }
    }

    private void tellEnd(TrunkEvent event) {
        sessions.values().forEach(session -> {
            session.info().end();
            session.referral().end();
        });
        tell(event);
        endTold = true;
    }

    @Override
    public long nextWakeup() {
        long at = Math.min(Math.min(silentAt, answerBy), giveUpAt);
        for (Session session : sessions.values()) {
            at = Math.min(at, session.nextWakeup());
        }
        return at;
    }

    @Override
    public List<CallAction> takeActions() {
        List<CallAction> taken = List.copyOf(actions);
        actions.clear();
        return taken;
    }

    @Override
    public String stateName() {
        return state.name();
    }

    @Override
    public int ignored() {
        return ignored;
    }
}
