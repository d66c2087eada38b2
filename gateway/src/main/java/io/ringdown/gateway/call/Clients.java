package io.ringdown.gateway.call;

/** Where the news of calls go. Thread-safe; returns at once, whatever the client does. */
@FunctionalInterface
public interface Clients {
    /** Tells a client; false if it is gone, which is no error. */
    boolean tell(ClientId client, CallId call, CallNews news);
}
