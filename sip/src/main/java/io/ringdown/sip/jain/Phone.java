package io.ringdown.sip.jain;

import gov.nist.javax.sip.stack.HopImpl;
import io.ringdown.sip.HangupReason;
import io.ringdown.sip.HostPort;
import io.ringdown.sip.Referral;
import io.ringdown.sip.SipTransport;
import io.ringdown.sip.dialog.Reason;
import io.ringdown.sip.dialog.Redirect;
import io.ringdown.sip.dialog.ReferTo;
import io.ringdown.sip.dialog.SipHeader;
import io.ringdown.sip.dialog.SipText;
import io.ringdown.sip.web.PhoneId;
import java.net.InetAddress;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sip.SipException;
import javax.sip.address.Hop;
import javax.sip.header.ViaHeader;
import javax.sip.message.Response;
import org.jspecify.annotations.Nullable;

/**
 * A softphone at run time: by which socket it is reached now, and its calls. Safe for all threads.
 *
 * <pre>
 *   HERE --socket closed--> AWAY --too long--> GONE
 *     ^-----------------------`--another socket--'
 * </pre>
 */
final class Phone implements Line {
    private static final int TAKEN_ELSEWHERE = 26; // Q.850: non-selected user clearing

    private final PhoneId id;
    private final HostPort domain;
    private final Set<JainCall> calls = ConcurrentHashMap.newKeySet();
    private final AtomicInteger counted = new AtomicInteger();
    private final AtomicInteger kept = new AtomicInteger();
    private volatile Optional<String> contact = Optional.empty();
    private volatile @Nullable WebChannel channel;
    private volatile boolean gone;
    private int losses;

    /** One that has no socket, and is not waited for. */
    Phone(PhoneId id, HostPort domain) {
        this.id = id;
        this.domain = domain;
        this.gone = true;
    }

    PhoneId id() {
        return id;
    }

    /** Its calls that are not over; whoever begins one adds it. */
    Set<JainCall> current() {
        return calls;
    }

    /** A call with it is about to begin. */
    void keep() {
        kept.incrementAndGet();
    }

    /** It has begun, and is among its calls, or has not. */
    void release() {
        kept.decrementAndGet();
    }

    /** Whether it is neither registered nor in a call. */
    boolean isUnused() {
        return contact.isEmpty() && calls.isEmpty() && kept.get() == 0;
    }

    /** What goes into the Request-URI of a call to it; empty where it has not registered. */
    Optional<String> contact() {
        return contact;
    }

    void contact(Optional<String> uri) {
        contact = uri;
    }

    /** By which socket it is reached now. */
    Optional<WebChannel> channel() {
        return Optional.ofNullable(channel);
    }

    /** It is reached by this one from now on; gives the one before. */
    synchronized Optional<WebChannel> moveTo(WebChannel now) {
        Optional<WebChannel> before = channel();
        channel = now;
        gone = false;
        return before;
    }

    /** This socket is closed; where it was the phone's, names the loss for {@link #giveUp}. */
    synchronized OptionalInt lose(WebChannel closed) {
        if (!closed.equals(channel)) {
            return OptionalInt.empty();
        }
        channel = null;
        return OptionalInt.of(++losses);
    }

    /** It is not waited for any longer, unless it has been back since this loss; whether it was. */
    synchronized boolean giveUp(int loss) {
        boolean waited = isAway() && loss == losses;
        gone |= waited;
        return waited;
    }

    @Override
    public String name() {
        return "softphones";
    }

    @Override
    public AtomicInteger calls() {
        return counted;
    }

    @Override
    public boolean sharesCallsWith(Line other) {
        return other instanceof Phone phone && phone.id.user().equals(id.user());
    }

    @Override
    public boolean isOwnAddress(InetAddress source) {
        return false; // we have no credentials for it
    }

    @Override
    public boolean takesTransfers() {
        return true;
    }

    @Override
    public boolean wantsTcp(int bytes, long now) {
        return false;
    }

    @Override
    public void withoutTcp(long now) {
        // There is none.
    }

    @Override
    public <T, X extends Exception> T towards(ScopedValue.CallableOp<T, X> sending) throws X {
        return sending.call();
    }

    @Override
    public List<Redirect> redirects(Response response, Listening by, SipTransport transport) {
        return List.of(); // where a call goes is not for whom it has come to
    }

    @Override
    public Optional<List<SipHeader>> refer(Referral referral) {
        return referTo(referral).map(to -> {
            List<SipHeader> headers = new ArrayList<>();
            headers.add(new SipHeader("Refer-To", to));
            referral.referredBy()
                    .ifPresent(number -> headers.add(new SipHeader("Referred-By", "<" + uri(number) + ">")));
            return List.copyOf(headers);
        });
    }

    private Optional<String> referTo(Referral referral) {
        return switch (referral) {
            case Referral.Blind blind -> Optional.of(ReferTo.of(uri(blind.calledNumber())));
            case Referral.Attended attended ->
                attended.other() instanceof Referring.Sibling sibling ? sibling.referTo() : Optional.empty();
        };
    }

    /** A number or a user at our domain. */
    String uri(String user) {
        return "sip:" + SipText.user(user) + "@" + domain.uriHost();
    }

    // RFC 3326 2: a phone counts no call as missed that somebody else has taken.
    @Override
    public SipHeader reasonOf(HangupReason cancelled) {
        return cancelled.q850() == TAKEN_ELSEWHERE
                ? new SipHeader("Reason", "SIP;cause=200;text=\"Call completed elsewhere\"")
                : Reason.of(cancelled);
    }

    @Override
    public boolean isWrittenDown() {
        return false;
    }

    @Override
    public boolean comesBack() {
        return true;
    }

    @Override
    public boolean isAway() {
        return channel == null && !gone;
    }

    @Override
    public Optional<Hop> way() throws SipException {
        return Optional.of(channel()
                .map(open ->
                        new HopImpl(open.address().getHostAddress(), WebProcessor.PORT, SipTransport.WSS.uriName()))
                .orElseThrow(() -> new SipException("the phone has no socket")));
    }

    @Override
    public void readdress(Response response) throws ParseException {
        Optional<WebChannel> open = channel();
        if (open.isPresent() && response.getHeader(ViaHeader.NAME) instanceof ViaHeader via) {
            via.setReceived(open.get().address().getHostAddress());
        }
    }

    @Override
    public String toString() {
        return "a softphone"; // of whom, is not for the log
    }
}
