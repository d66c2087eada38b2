package io.ringdown.sip.trace;

import io.ringdown.sip.HostPort;
import io.ringdown.sip.Secret;
import java.util.Optional;

/**
 * What is kept of the messages with trunks, and who else gets them.
 *
 * @param calls the latest calls whose messages are kept; 0 for none
 * @param messagesPerCall of each call: the first half of them from its beginning, the others from its end
 * @param messagesPerTrunk the latest of each trunk, whatever they belong to
 * @param hep a collector that every message is sent to (HEP3 over UDP); none where absent
 * @param hepId what this gateway is called there
 * @param hepPassword the collector's key, where it has one
 */
public record TraceSettings(
        int calls,
        int messagesPerCall,
        int messagesPerTrunk,
        Optional<HostPort> hep,
        int hepId,
        Optional<Secret> hepPassword) {
    private static final int MOST = 100_000;

    public TraceSettings {
        requireWithin("calls", calls, 0, MOST);
        requireWithin("messages-per-call", messagesPerCall, 2, 1000);
        requireWithin("messages-per-trunk", messagesPerTrunk, 0, MOST);
        requireWithin("hep-id", hepId, 0, Integer.MAX_VALUE);
        if (hepPassword.isPresent() && hep.isEmpty()) {
            throw new IllegalArgumentException("hep-password: nobody gets it; name the collector by hep too");
        }
    }

    /** A thousand calls, in memory only. */
    public static TraceSettings defaults() {
        return new TraceSettings(1000, 60, 200, Optional.empty(), 2001, Optional.empty());
    }

    /** Whether anybody wants to see messages. */
    public boolean isWanted() {
        return calls > 0 || messagesPerTrunk > 0 || hep.isPresent();
    }

    private static void requireWithin(String key, int value, int least, int most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(key + ": " + value + " is out of range; " + least + " to " + most);
        }
    }
}
