package io.ringdown.sip.locate;

import io.ringdown.sip.SipTransport;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.List;

/**
 * Whom our listening addresses can send to.
 *
 * @param lines transport and family of each, the preferred first
 */
public record Reach(List<Line> lines) {
    /** The families of addresses. */
    public enum Family {
        IPV4,
        IPV6;

        /** The family of this one. */
        public static Family of(InetAddress address) {
            return address instanceof Inet6Address ? IPV6 : IPV4;
        }
    }

    /** One way out. */
    public record Line(SipTransport transport, Family family) {}

    public Reach {
        lines = List.copyOf(lines);
    }

    boolean speaks(SipTransport transport) {
        return lines.stream().anyMatch(line -> line.transport() == transport);
    }

    boolean reaches(InetAddress address, SipTransport transport) {
        return lines.contains(new Line(transport, Family.of(address)));
    }

    /** The families that this transport has, the preferred first. */
    List<Family> families(SipTransport transport) {
        return lines.stream()
                .filter(line -> line.transport() == transport)
                .map(Line::family)
                .distinct()
                .toList();
    }
}
