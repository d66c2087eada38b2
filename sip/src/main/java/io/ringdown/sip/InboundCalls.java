package io.ringdown.sip;

/** Told of each new call from a configured trunk. Called on the SIP stack's thread: hand over and return, never block. */
@FunctionalInterface
public interface InboundCalls {

    /** A new call; whoever takes it gives the listener for what follows, and ends it by one of the methods of {@code call}. */
    TrunkListener onInvite(InboundInvite invite, TrunkCall call);
}
