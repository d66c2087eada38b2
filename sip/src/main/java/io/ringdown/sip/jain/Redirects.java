package io.ringdown.sip.jain;

import io.ringdown.sip.HostPort;
import io.ringdown.sip.RedirectPolicy;
import io.ringdown.sip.SipTransport;
import io.ringdown.sip.dialog.Redirect;
import io.ringdown.sip.dialog.SipText;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import javax.sip.address.SipURI;
import javax.sip.header.ContactHeader;
import javax.sip.message.Response;
import org.jspecify.annotations.Nullable;

/** The targets of a 3xx that a trunk's policy lets us follow. No state. */
final class Redirects {
    private static final int MAX_CONTACTS = 10;

    private Redirects() {}

    /**
     * The numbers and Request-URIs of its Contacts by q, best first (RFC 3261 8.1.3.4, 20.10): those with a number at the trunk itself. They
     * are written anew: headers and parameters that a URI may hold would become ours.
     */
    static List<Redirect> of(Response response, Trunk trunk, Listening by, SipTransport transport) {
        if (response.getStatusCode() < 300
                || response.getStatusCode() > 399
                || trunk.settings().redirects() == RedirectPolicy.REFUSE) {
            return List.of();
        }
        List<ContactHeader> contacts = new ArrayList<>();
        Iterator<?> all = response.getHeaders(ContactHeader.NAME);
        while (all.hasNext() && contacts.size() < MAX_CONTACTS) {
            if (all.next() instanceof ContactHeader contact && contact.getAddress() != null) {
                contacts.add(contact);
            }
        }
        return contacts.stream()
                .sorted(Comparator.comparingDouble(Redirects::preference).reversed())
                .flatMap(contact -> target(contact, trunk, by, transport).stream())
                .toList();
    }

    private static double preference(ContactHeader contact) {
        return contact.getQValue() < 0 ? 1 : contact.getQValue();
    }

    private static Optional<Redirect> target(ContactHeader contact, Trunk trunk, Listening by, SipTransport transport) {
        try {
            return allowed(contact, trunk, by, transport);
        } catch (IllegalArgumentException e) {
            return Optional.empty(); // no host or port that there can be
        }
    }

    private static Optional<Redirect> allowed(
            ContactHeader contact, Trunk trunk, Listening by, SipTransport transport) {
        if (!(contact.getAddress().getURI() instanceof SipURI uri) || uri.isSecure() || uri.getMAddrParam() != null) {
            return Optional.empty();
        }
        Optional<String> number = Reading.number(uri).filter(SipText::isNumber);
        Optional<SipTransport> over = over(uri.getTransportParam(), by, transport);
        String host = HostPort.parse(uri.getHost()).host();
        if (number.isEmpty() || over.isEmpty() || !trunk.isOwnHost(host)) {
            return Optional.empty();
        }
        OptionalInt port = uri.getPort() > 0 ? OptionalInt.of(uri.getPort()) : OptionalInt.empty();
        String target = "sip:" + SipText.user(number.get()) + "@" + new HostPort(host, port)
                + (over.get() == SipTransport.UDP
                        ? ""
                        : ";transport=" + over.get().uriName());
        return Optional.of(new Redirect(number.get(), target));
    }

    // What has begun by TLS goes on so; else what is written, where the address that serves the call speaks it.
    private static Optional<SipTransport> over(@Nullable String written, Listening by, SipTransport present) {
        if (present == SipTransport.TLS) {
            return "udp".equalsIgnoreCase(written) ? Optional.empty() : Optional.of(SipTransport.TLS);
        }
        SipTransport wanted = "tcp".equalsIgnoreCase(written) ? SipTransport.TCP : SipTransport.UDP;
        boolean known = written == null || "tcp".equalsIgnoreCase(written) || "udp".equalsIgnoreCase(written);
        return known && by.speaks(wanted) ? Optional.of(wanted) : Optional.empty();
    }
}
