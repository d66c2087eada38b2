package io.ringdown.sip.locate;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;

/** What the DNS said. */
public sealed interface Answer {

    /**
     * There are such records.
     *
     * @param records in the order of the answer
     * @param ttl the shortest of their times to live
     */
    record Found(List<Resource> records, Duration ttl) implements Answer {
        public Found {
            records = List.copyOf(records);
        }
    }

    /** There are none: the name does not exist, or has no record of this type (RFC 2308 2). */
    record Nothing() implements Answer {}

    /** Nobody who knows was reached in time: nothing is said of the name. */
    record Failed(String why) implements Answer {}

    /** One record. */
    sealed interface Resource {}

    /** NAPTR (RFC 3403 4). */
    record Naptr(int order, int preference, String flags, String service, String replacement) implements Resource {}

    /** SRV (RFC 2782). */
    record Srv(int priority, int weight, int port, String host) implements Resource {}

    /** A or AAAA. */
    record Address(InetAddress address) implements Resource {}
}
