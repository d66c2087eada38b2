package io.ringdown.gateway.call;

/** Sees what clients are told of their calls. Thread-safe; called on the calls' own threads, and returns at once. */
@FunctionalInterface
public interface NewsWatcher {
    /** This client is being told this of this call, whether it is still there or not. */
    void told(ClientId client, CallId call, CallNews news);
}
