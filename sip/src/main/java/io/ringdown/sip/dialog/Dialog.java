package io.ringdown.sip.dialog;

import io.ringdown.sip.DialogState;
import io.ringdown.sip.InfoBody;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * One dialog of RFC 3261 12: who talks to whom along which way, and the numbers of the requests in both directions. Not safe
 * for threads.
 */
final class Dialog {
    private static final int MAX_ROUTES = 16;

    private final String remoteTag;
    private List<String> routeSet;
    private String remoteTarget;
    private long localCseq;
    private long remoteCseq;
    private Optional<OutRequest> lastAck = Optional.empty();
    private long lastRseq = -1;

    private Dialog(String remoteTag, List<String> routeSet, String remoteTarget, long localCseq, long remoteCseq) {
        this.remoteTag = remoteTag;
        this.routeSet = routeSet;
        this.remoteTarget = remoteTarget;
        this.localCseq = localCseq;
        this.remoteCseq = remoteCseq;
    }

    /**
     * As made by a response to our INVITE: the route set is the reverse of Record-Route (RFC 3261 12.1.2).
     *
     * @param leastCseq a number after which ours go on in any case
     */
    static Dialog ofResponse(InResponse response, String fallbackTarget, long leastCseq) {
        return new Dialog(
                response.toTag().orElse(""),
                reversed(response.recordRoute()),
                response.contact().orElse(fallbackTarget),
                Math.max(response.cseq(), leastCseq),
                -1);
    }

    /** As made by an INVITE of the peer: the route set is Record-Route as it came (RFC 3261 12.1.1). */
    static Dialog ofInvite(String remoteTag, List<String> recordRoute, String contact, long cseq) {
        return new Dialog(remoteTag, bounded(recordRoute), contact, 0, cseq);
    }

    /** As it was written down. */
    static Dialog of(DialogState.Course course) {
        return new Dialog(
                course.remoteTag(),
                bounded(course.routeSet()),
                course.remoteTarget(),
                course.localCseq(),
                course.remoteCseq());
    }

    private static List<String> reversed(List<String> recordRoute) {
        List<String> routes = new ArrayList<>(bounded(recordRoute));
        Collections.reverse(routes);
        return List.copyOf(routes);
    }

    private static List<String> bounded(List<String> routes) {
        return List.copyOf(routes.subList(0, Math.min(routes.size(), MAX_ROUTES)));
    }

    String remoteTag() {
        return remoteTag;
    }

    String remoteTarget() {
        return remoteTarget;
    }

    List<String> routeSet() {
        return routeSet;
    }

    /** A 2xx settles the route set and the target anew (RFC 3261 13.2.2.4). */
    void onAnswer(InResponse response) {
        routeSet = reversed(response.recordRoute());
        response.contact().ifPresent(contact -> remoteTarget = contact);
    }

    /** A target refresh request or response of the peer (RFC 3261 12.2). */
    void refreshTarget(Optional<String> contact) {
        contact.ifPresent(uri -> remoteTarget = uri);
    }

    /** Whether a request with this number comes after all before; if so it is noted. */
    boolean takeRemoteCseq(long cseq) {
        if (cseq <= remoteCseq) {
            return false;
        }
        remoteCseq = cseq;
        return true;
    }

    /** Whether a reliable provisional response is the next one (RFC 3262 4); if so it is noted. */
    boolean takeRseq(long rseq) {
        if (lastRseq >= 0 && rseq != lastRseq + 1) {
            return false;
        }
        lastRseq = rseq;
        return true;
    }

    /** A new request in this dialog. */
    OutRequest request(String method, List<SipHeader> headers, Optional<String> sdp) {
        localCseq++;
        return build(method, localCseq, headers, sdp, Optional.empty());
    }

    /** A new NOTIFY in this dialog that tells of another call. */
    OutRequest notify(List<SipHeader> headers, String sipfrag) {
        localCseq++;
        return telling(build("NOTIFY", localCseq, headers, Optional.empty(), Optional.empty()), sipfrag);
    }

    /** The same request anew, with the next number and to where the peer is now. */
    OutRequest again(OutRequest request) {
        localCseq++;
        OutRequest anew = build(request.method(), localCseq, request.headers(), request.sdp(), request.info());
        return request.sipfrag().map(told -> telling(anew, told)).orElse(anew);
    }

    private static OutRequest telling(OutRequest request, String sipfrag) {
        return new OutRequest(
                request.method(),
                request.cseq(),
                request.target(),
                request.routes(),
                request.toTag(),
                request.headers(),
                request.sdp(),
                request.info(),
                request.place(),
                Optional.of(sipfrag));
    }

    /** A new INFO in this dialog. */
    OutRequest info(InfoBody body) {
        localCseq++;
        return build("INFO", localCseq, List.of(), Optional.empty(), Optional.of(body));
    }

    /** The ACK for the 2xx to the INVITE of this number, the same each time. */
    OutRequest ack(long cseq, List<SipHeader> headers) {
        Optional<OutRequest> same = lastAck.filter(ack -> ack.cseq() == cseq);
        if (same.isPresent()) {
            return same.get();
        }
        OutRequest ack = build("ACK", cseq, headers, Optional.empty(), Optional.empty());
        lastAck = Optional.of(ack);
        return ack;
    }

    // RFC 3261 12.2.1.1: a first route without lr is a strict router, which wants to be the Request-URI itself.
    private OutRequest build(
            String method, long cseq, List<SipHeader> headers, Optional<String> sdp, Optional<InfoBody> info) {
        if (routeSet.isEmpty() || isLoose(routeSet.getFirst())) {
            return new OutRequest(method, cseq, remoteTarget, routeSet, Optional.of(remoteTag), headers, sdp, info);
        }
        List<String> routes = new ArrayList<>(routeSet.subList(1, routeSet.size()));
        routes.add(remoteTarget);
        return new OutRequest(
                method, cseq, routeSet.getFirst(), List.copyOf(routes), Optional.of(remoteTag), headers, sdp, info);
    }

    private static boolean isLoose(String uri) {
        String u = uri.toLowerCase(Locale.ROOT);
        return u.endsWith(";lr") || u.contains(";lr;") || u.contains(";lr=") || u.contains(";lr?");
    }

    long remoteCseq() {
        return remoteCseq;
    }

    long localCseq() {
        return localCseq;
    }

    @Override
    public String toString() {
        return "Dialog(cseq " + localCseq + "/" + remoteCseq + ", routes " + routeSet.size() + ")";
    }
}
