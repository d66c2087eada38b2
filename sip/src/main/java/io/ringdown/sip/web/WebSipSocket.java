package io.ringdown.sip.web;

/** A WebSocket of a softphone, from it. One thread at a time; returns at once. */
public interface WebSipSocket {
    /** A text frame has come; what is no SIP message closes the socket. */
    void onText(String message);

    /** It is closed, or cut. Idempotent. */
    void onClosed();
}
