package io.ringdown.sip.web;

/** A WebSocket of a softphone, from it. One thread at a time; returns at once. */
public interface WebSipSocket {
    /** A text frame has come; what is no SIP message closes the socket. */
    void onText(String message);

    /** Whether it has been proved who is at the other end; from any thread. */
    boolean isProved();

    /** It is closed, or cut. Idempotent. */
    void onClosed();
}
