package io.ringdown.sip.jain;

import gov.nist.javax.sip.header.Via;
import gov.nist.javax.sip.message.SIPMessage;
import io.ringdown.sip.SipTransport;
import io.ringdown.sip.jain.Counters.Counter;
import io.ringdown.sip.trace.HepExport;
import io.ringdown.sip.trace.MessageTrace;
import io.ringdown.sip.trace.TraceSettings;
import io.ringdown.sip.trace.TracedMessage;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/** Hands what goes over the wire to those who keep it. Safe for all threads; what fails here fails no message. */
final class Tracing {
    private final boolean wanted;
    private final MessageTrace kept;
    private final Optional<HepExport> export;
    private final Function<InetSocketAddress, Optional<String>> trunkAt;
    private final Clock clock;
    private final Counters counters;

    /**
     * Makes it.
     *
     * @param trunkAt the name of the trunk at a peer's address
     */
    Tracing(
            TraceSettings settings,
            Function<InetSocketAddress, Optional<String>> trunkAt,
            Clock clock,
            Counters counters) {
        this.wanted = settings.isWanted();
        this.kept = new MessageTrace(settings);
        this.export = settings.hep().map(to -> new HepExport(to, settings.hepId(), settings.hepPassword()));
        this.trunkAt = trunkAt;
        this.clock = clock;
        this.counters = counters;
    }

    MessageTrace kept() {
        return kept;
    }

    Optional<HepExport> export() {
        return export;
    }

    /** The stack's own thread says so: {@code from} and {@code to} are its texts of host and port. */
    void onMessage(SIPMessage message, String from, String to, boolean sent) {
        if (!wanted) {
            return;
        }
        try {
            onMessage(message, address(from), address(to), sent);
        } catch (RuntimeException unreadable) {
            counters.count(Counter.NOT_TRACED);
        }
    }

    void onMessage(SIPMessage message, InetSocketAddress source, InetSocketAddress destination, boolean sent) {
        if (!wanted) {
            return;
        }
        try {
            String callId =
                    message.getCallId() == null ? "" : message.getCallId().getCallId();
            TracedMessage traced = TracedMessage.of(
                    clock.instant(),
                    sent,
                    transport(message),
                    source,
                    destination,
                    trunkAt.apply(sent ? destination : source),
                    callId,
                    message.encode());
            kept.add(traced);
            export.ifPresent(collector -> collector.send(traced));
        } catch (RuntimeException unreadable) {
            counters.count(Counter.NOT_TRACED);
        }
    }

    private static SipTransport transport(SIPMessage message) {
        Via via = message.getTopmostVia();
        String name = via == null ? "UDP" : via.getTransport();
        return SipTransport.valueOf(name.toUpperCase(Locale.ROOT));
    }

    // Both "127.0.0.1:5060" and, as InetAddress prints itself, "/127.0.0.1:5060"; IPv6 with brackets and without.
    private static InetSocketAddress address(String text) {
        String plain = text.substring(text.lastIndexOf('/') + 1);
        int colon = plain.lastIndexOf(':');
        String host = plain.substring(0, colon).replace("[", "").replace("]", "");
        return new InetSocketAddress(
                InetAddress.ofLiteral(host),
                Integer.parseInt(plain.substring(colon + 1).strip()));
    }
}
