package io.ringdown.sip.jain;

import io.ringdown.sip.HangupReason;
import io.ringdown.sip.Referral;
import io.ringdown.sip.SipTransport;
import io.ringdown.sip.dialog.Redirect;
import io.ringdown.sip.dialog.SipHeader;
import java.net.InetAddress;
import java.text.ParseException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sip.SipException;
import javax.sip.address.Hop;
import javax.sip.message.Response;

/** What a call is with, a trunk or a softphone, as far as its messages depend on it. Safe for all threads. */
interface Line {

    /** Its configured name, or what stands for it where none is. */
    String name();

    /** Calls with it that are under way. */
    AtomicInteger calls();

    /** Whether a call with the other is one with the same party. */
    boolean sharesCallsWith(Line other);

    /** Whether what comes from this address may see our credentials. */
    boolean isOwnAddress(InetAddress source);

    /** Whether its REFERs and its INVITEs with Replaces are taken. */
    boolean takesTransfers();

    /** Whether a request of this many bytes goes by TCP although UDP is spoken. */
    boolean wantsTcp(int bytes, long now);

    /** TCP was refused. */
    void withoutTcp(long now);

    /** Does what makes the stack find or open a connection. */
    <T, X extends Exception> T towards(ScopedValue.CallableOp<T, X> sending) throws X;

    /** Where a 3xx would have us try, as far as we follow it. */
    List<Redirect> redirects(Response response, Listening by, SipTransport transport);

    /** What a REFER of ours says; empty where the other call is not established. */
    Optional<List<SipHeader>> refer(Referral referral);

    /** The Reason of a CANCEL (RFC 3326). */
    SipHeader reasonOf(HangupReason cancelled);

    /** Whether its dialogs are written down, and another process may go on with them. */
    boolean isWrittenDown();

    /** Whether its connection is one that it opens, may lose, and opens again: what had no answer by the old is said by the new. */
    boolean comesBack();

    /** Whether nothing can be sent to it now, but may be later: what is to leave waits. */
    boolean isAway();

    /** The way that all goes whatever Contact and Record-Route say; empty where these decide. SipException where there is none now. */
    Optional<Hop> way() throws SipException;

    /** Sees to it that a response that is sent again outside of its transaction finds its way. */
    void readdress(Response response) throws ParseException;
}
