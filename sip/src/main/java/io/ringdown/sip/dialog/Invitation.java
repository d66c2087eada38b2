package io.ringdown.sip.dialog;

import io.ringdown.sip.DialogState;
import io.ringdown.sip.RedirectJudge;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The INVITE that begins a call of ours, and how it is sent again: with credentials (RFC 3261 22.2), for a longer session (RFC
 * 4028 7.3), to where it was redirected (RFC 3261 8.1.3.4). Not safe for threads.
 */
final class Invitation {
    private static final int MAX_LONGER = 4; // one for each proxy on the way that wants more still

    private final List<String> routes;
    private final String sdp;
    private final List<SipHeader> headers;
    private final Optional<LocationPart> place;
    private final Terms terms;
    private final Redirection redirection;
    private final boolean repeatable;
    private String target;
    private long cseq;
    private int attempts;
    private int longer;
    private long minSe = SessionTimer.MIN_SE;
    private Optional<SipHeader> credentials = Optional.empty();

    Invitation(
            String target,
            List<String> routes,
            String sdp,
            List<SipHeader> headers,
            Optional<LocationPart> place,
            Terms terms,
            RedirectJudge judge) {
        this(target, routes, sdp, headers, place, terms, judge, true);
    }

    private Invitation(
            String target,
            List<String> routes,
            String sdp,
            List<SipHeader> headers,
            Optional<LocationPart> place,
            Terms terms,
            RedirectJudge judge,
            boolean repeatable) {
        this.repeatable = repeatable;
        this.target = target;
        this.routes = List.copyOf(routes);
        this.sdp = sdp;
        this.headers = List.copyOf(headers);
        this.place = place;
        this.terms = terms;
        this.redirection = new Redirection(target, judge);
    }

    /** As it was written down: it has left, with an offer that is not known any more, and is not sent again. */
    static Invitation of(DialogState.Invite written, DialogState.Course course, Terms terms) {
        Invitation sent = new Invitation(
                written.requestUri(),
                written.routes(),
                course.agreed().localSdp().orElse(""),
                List.of(),
                Optional.empty(),
                terms,
                RedirectJudge.NONE,
                false);
        sent.cseq = written.cseq();
        sent.minSe = Math.max(SessionTimer.MIN_SE, course.agreed().timer().minSe());
        return sent;
    }

    String sdp() {
        return sdp;
    }

    /** Where it goes now. */
    String target() {
        return target;
    }

    /** The CSeq of the one sent last. */
    long cseq() {
        return cseq;
    }

    /** The largest Min-SE that was asked for, in seconds. */
    long minSe() {
        return minSe;
    }

    /** The credentials of the one sent last, which its ACK carries too (RFC 3261 22.1). */
    List<SipHeader> credentials() {
        return credentials.map(List::of).orElse(List.of());
    }

    /** The first one to send. */
    OutRequest first() {
        return to(target);
    }

    private OutRequest to(String where) {
        target = where;
        attempts = 1;
        credentials = terms.authorizer().ahead("INVITE", where, asItStands().body());
        return next();
    }

    private OutRequest next() {
        cseq++;
        return asItStands();
    }

    private OutRequest asItStands() {
        List<SipHeader> all = new ArrayList<>(headers);
        all.addAll(SessionTimer.ofInvite(terms.sessionTimer(), minSe));
        all.addAll(credentials());
        return new OutRequest(
                "INVITE",
                cseq,
                target,
                routes,
                Optional.empty(),
                List.copyOf(all),
                Optional.of(sdp),
                Optional.empty(),
                place);
    }

    /** The one to send instead of the one that was refused so; empty where that is the end of it. */
    Optional<OutRequest> after(InResponse refusal) {
        if (!repeatable) {
            return Optional.empty();
        }
        int status = refusal.status();
        if (status == 401 || status == 407) {
            return authorized(refusal);
        }
        if (status < 400) {
            return redirection.follow(refusal.redirects()).map(this::to);
        }
        Optional<OutRequest> again = status == 422 ? lengthened(refusal) : Optional.empty();
        return again.or(() -> redirection.afterRefusal(status).map(this::to));
    }

    // Once; once more where credentials sent ahead were the first attempt, or the nonce was only too old.
    private Optional<OutRequest> authorized(InResponse refusal) {
        int allowed = terms.authorizer().stale(refusal.challenges()) ? 3 : 2;
        if (attempts >= allowed) {
            return Optional.empty();
        }
        Optional<SipHeader> answer = terms.authorizer()
                .answer(
                        refusal.status(),
                        refusal.challenges(),
                        "INVITE",
                        target,
                        asItStands().body());
        if (answer.isEmpty()) {
            return Optional.empty();
        }
        attempts++;
        credentials = answer;
        return Optional.of(next());
    }

    private Optional<OutRequest> lengthened(InResponse refusal) {
        OptionalLong raised = SessionTimer.raised(terms.sessionTimer(), refusal.extensions(), minSe);
        if (raised.isEmpty() || longer >= MAX_LONGER) {
            return Optional.empty();
        }
        longer++;
        minSe = raised.getAsLong();
        return Optional.of(next());
    }
}
