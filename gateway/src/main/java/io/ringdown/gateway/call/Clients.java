package io.ringdown.gateway.call;

/** Where the news of calls go. Thread-safe; returns at once, whatever the client does. */
@FunctionalInterface
public interface Clients {
    /** Tells a client; one that is gone is not told, and that is no error. */
    void tell(ClientId client, CallId call, CallNews news);
}
