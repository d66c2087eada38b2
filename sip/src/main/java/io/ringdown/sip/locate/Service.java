package io.ringdown.sip.locate;

import io.ringdown.sip.SipTransport;
import java.util.Arrays;
import java.util.Optional;

/** The services of RFC 3263 4.1, in the order in which we ask for them where no NAPTR record orders them. */
enum Service {
    SIP_D2U("SIP+D2U", "_sip._udp.", "UDP", 5060),
    SIP_D2T("SIP+D2T", "_sip._tcp.", "TCP", 5060),
    SIPS_D2T("SIPS+D2T", "_sips._tcp.", "TLS", 5061);

    private final String naptr;
    private final String srv;
    private final String transport;
    private final int port;

    Service(String naptr, String srv, String transport, int port) {
        this.naptr = naptr;
        this.srv = srv;
        this.transport = transport;
        this.port = port;
    }

    /** The service of a NAPTR record; empty for others than SIP's. */
    static Optional<Service> ofNaptr(String service) {
        return Arrays.stream(values())
                .filter(s -> s.naptr.equalsIgnoreCase(service))
                .findFirst();
    }

    static Service of(SipTransport transport) {
        return Arrays.stream(values())
                .filter(s -> s.transport.equals(transport.name()))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no service is carried by " + transport));
    }

    /** What carries it; empty where we do not speak that. */
    Optional<SipTransport> transport() {
        return Arrays.stream(SipTransport.values())
                .filter(t -> t.name().equals(transport))
                .findFirst();
    }

    /** The name of its SRV records in a domain. */
    String srvName(String domain) {
        return srv + domain;
    }

    /** Its port where no SRV record says one. */
    int port() {
        return port;
    }
}
