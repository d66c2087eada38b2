package io.ringdown.sip.web;

import io.ringdown.sip.InboundInvite;
import io.ringdown.sip.TrunkCall;
import io.ringdown.sip.TrunkListener;
import java.time.Duration;
import java.util.Optional;

/** What softphones are to whoever has them: who may come in, and what they do. Each phone's calls of it come one at a time. */
public interface WebSipRoom {

    /**
     * Who signs in by this name, for digest (RFC 8760); empty for who has no password, or is nobody. May block.
     *
     * @throws LoginUnavailableException if that cannot be said just now
     */
    Optional<Login> loginOf(String name) throws LoginUnavailableException;

    /**
     * Whom a token names that comes over this wire (RFC 8898); empty if it opens nothing. May block.
     *
     * @param known whose socket it is already: a token of somebody else's changes nothing there
     */
    Optional<Bearer> bearerOf(String token, Optional<String> known, WebSipWire wire);

    /** Whether this is the name or the extension of somebody else than this user, as far as is known here: nobody is asked. */
    boolean isNameOfAnother(String name, String user);

    /** Whether this is a number for help, which nobody is held up at who was let in once. */
    boolean isEmergency(String called);

    /** A phone has registered, for the first time or again. {@code expires} is from now. */
    void onRegistered(PhoneId phone, WebSipWire wire, Duration expires);

    /** It is registered no more: it has said so, or its time is over. */
    void onUnregistered(PhoneId phone);

    /** Its socket is gone; it is registered still, and its calls live on. */
    void onAway(PhoneId phone);

    /** It has come with another socket, and its calls go on over that. */
    void onBack(PhoneId phone);

    /**
     * It calls. The one who takes it gives the listener for what follows, and ends it by one of the methods of {@code call}.
     *
     * @param invite its {@code trunk} says nothing
     */
    TrunkListener onInvite(PhoneId phone, WebSipWire wire, InboundInvite invite, TrunkCall call);

    /**
     * What the listener of this call is told next has come by this socket, and is what was proved there may do: a dialog is its
     * user's, and goes on by any socket of theirs. In order with what the listener is told.
     */
    void onWire(PhoneId phone, WebSipWire wire, TrunkCall call);
}
