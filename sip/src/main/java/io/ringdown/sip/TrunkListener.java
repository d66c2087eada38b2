package io.ringdown.sip;

/** Told what happens to one call. Called on the SIP stack's thread: hand over and return, never block. */
@FunctionalInterface
public interface TrunkListener {
    void onEvent(TrunkEvent event);
}
