package io.ringdown.sip.web;

import java.net.InetAddress;
import java.util.Optional;

/** A WebSocket of a softphone, towards it. Thread-safe; returns at once. */
public interface WebSipWire {
    /** Sends one message as one text frame (RFC 7118 §5); nothing happens once the socket is closed. */
    void send(String message);

    /** Closes it with a status of RFC 6455 §7.4. */
    void close(int status, String reason);

    /** Where it comes from. */
    InetAddress from();

    /** The page's origin; empty for what is no browser. */
    Optional<String> origin();
}
