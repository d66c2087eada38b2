package io.ringdown.sip.locate;

import io.ringdown.sip.HostPort;
import io.ringdown.sip.SipTransport;
import java.net.InetAddress;
import java.util.OptionalInt;

/**
 * Where a request goes to (RFC 3263 4).
 *
 * @param address the address
 * @param port 1 to 65535
 * @param transport what carries it
 */
public record Target(InetAddress address, int port, SipTransport transport) {
    @Override
    public String toString() {
        return new HostPort(address.getHostAddress(), OptionalInt.of(port)) + ";transport=" + transport.uriName();
    }
}
