package io.ringdown.sip.dialog;

import io.ringdown.sip.PeerCapabilities;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * REFER within one dialog, both ways, with the subscriptions that it makes: ours are {@link Referrer}'s, the peer's {@link
 * Referee}'s. They are usages of the dialog beside the call, and outlive its BYE (RFC 5057 3). Not safe for threads.
 */
final class ReferExchange {
    private final Terms terms;
    private final List<CallAction> out;
    private final Referrer ours;
    private final Referee theirs;

    ReferExchange(Dialog dialog, Terms terms, List<CallAction> out, BooleanSupplier callOver) {
        this.terms = terms;
        this.out = out;
        this.ours = new Referrer(dialog, terms, out, callOver);
        this.theirs = new Referee(dialog, terms, out, callOver);
    }

    /** Whether a method is dealt with here. */
    static boolean isMethod(String method) {
        return method.equals("REFER") || method.equals("NOTIFY") || method.equals("SUBSCRIBE");
    }

    Referee theirs() {
        return theirs;
    }

    /** Whether nothing of it is under way in either direction. */
    boolean isIdle() {
        return ours.isIdle() && theirs.isIdle();
    }

    void ask(List<SipHeader> said, PeerCapabilities peer, long now) {
        ours.ask(said, peer, now);
    }

    /** Whether a REFER of ours waits to leave. */
    boolean isWaiting() {
        return ours.isWaiting();
    }

    /** The dialog is free of offers: what waits leaves. */
    void proceed(long now) {
        ours.proceed(now);
    }

    /** A REFER, NOTIFY or SUBSCRIBE of the peer, in order. */
    void onRequest(InRequest request, boolean confirmed, long now) {
        Subscribing said = request.subscribing().orElse(Subscribing.NOTHING);
        boolean ofRefer = request.extensions().event().equals(Optional.of("refer"));
        switch (request.method()) {
            case "REFER" -> theirs.onRequest(request, confirmed, now);
            case "NOTIFY" -> {
                if (ofRefer) {
                    ours.onNotify(request, said, now);
                } else {
                    respond(
                            request,
                            Methods.refusalOfNotify(request.extensions().event()));
                }
            }
            default -> {
                if (ofRefer && terms.transfers()) {
                    theirs.onSubscribe(request, said, now);
                } else {
                    respond(request, 405, Methods.allow(terms));
                }
            }
        }
    }

    private void respond(InRequest request, int status, SipHeader... headers) {
        out.add(new CallAction.Respond(request.id(), status, List.of(headers), Optional.empty()));
    }

    /** A final response to a REFER or NOTIFY of ours. */
    void onResponse(InResponse response, long now) {
        ours.onResponse(response, now);
        theirs.onResponse(response, now);
    }

    /** A request of ours had no answer, or could not be sent. */
    void onLost(OutRequest request) {
        ours.onLost(request);
        theirs.onLost(request);
    }

    /** Our BYE leaves next. */
    void beforeBye() {
        theirs.beforeBye();
    }

    /** The call is over. */
    void end() {
        ours.end();
        theirs.end();
    }

    /** Nothing of it is waited for any more. */
    void forget() {
        ours.forget();
        theirs.forget();
    }

    void onTime(long now) {
        ours.onTime(now);
        theirs.onTime(now);
    }

    long nextWakeup() {
        return Math.min(ours.nextWakeup(), theirs.nextWakeup());
    }
}
