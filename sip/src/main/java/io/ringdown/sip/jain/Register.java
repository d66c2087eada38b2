package io.ringdown.sip.jain;

import io.ringdown.sip.web.Registrar;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.Stream;
import javax.sip.address.SipURI;
import javax.sip.header.ContactHeader;
import javax.sip.header.ExpiresHeader;
import javax.sip.message.Request;
import org.jspecify.annotations.Nullable;

/** A REGISTER of a softphone, read. No state. */
final class Register {
    private static final int MAX_CONTACTS = 16;
    private static final int MAX_URI = 512;
    private static final int MAX_INSTANCE = 128;

    private Register() {}

    /** Empty where a Contact of it is none that a phone can be called at. */
    static Optional<Registrar.Register> of(Request request, Proof proof) {
        List<Registrar.Contact> contacts = new ArrayList<>();
        boolean all = false;
        Iterator<?> headers = request.getHeaders(ContactHeader.NAME);
        for (int i = 0; headers.hasNext(); i++) {
            if (!(headers.next() instanceof ContactHeader contact) || i == MAX_CONTACTS) {
                return Optional.empty();
            }
            if (contact.isWildCard()) {
                all = true;
                continue;
            }
            Optional<Registrar.Contact> read = contact(contact);
            if (read.isEmpty()) {
                return Optional.empty();
            }
            contacts.add(read.get());
        }
        return Optional.of(new Registrar.Register(
                proof.user(),
                Reading.callId(request),
                Reading.cseq(request).getSeqNumber(),
                contacts,
                all,
                request.getHeader(ExpiresHeader.NAME) instanceof ExpiresHeader expires && expires.getExpires() >= 0
                        ? OptionalLong.of(expires.getExpires())
                        : OptionalLong.empty(),
                knowsOutbound(request),
                proof.secondsLeft(System.nanoTime())));
    }

    private static boolean knowsOutbound(Request request) {
        return Stream.of("Supported", "Require")
                .anyMatch(header -> Reading.optionTags(request, header).contains("outbound"));
    }

    /** Whether it only takes registrations away. */
    static boolean removes(Request request) {
        boolean none =
                request.getHeader(ExpiresHeader.NAME) instanceof ExpiresHeader expires && expires.getExpires() == 0;
        Iterator<?> headers = request.getHeaders(ContactHeader.NAME);
        boolean removes = headers.hasNext();
        while (headers.hasNext()) {
            removes &= headers.next() instanceof ContactHeader contact
                    && (contact.getExpires() == 0 || (none && contact.getExpires() < 0));
        }
        return removes;
    }

    private static Optional<Registrar.Contact> contact(ContactHeader contact) {
        if (contact.getAddress() == null || !(contact.getAddress().getURI() instanceof SipURI uri)) {
            return Optional.empty();
        }
        String text = uri.toString();
        if (text.length() > MAX_URI) {
            return Optional.empty();
        }
        return Optional.of(new Registrar.Contact(
                text,
                key(uri),
                instance(contact.getParameter("+sip.instance")),
                number(contact.getParameter("reg-id")),
                contact.getExpires() >= 0 ? OptionalLong.of(contact.getExpires()) : OptionalLong.empty()));
    }

    /** What tells one Contact of a user from another. */
    static String key(SipURI uri) {
        return (uri.getUser() == null ? "" : uri.getUser() + "@")
                + uri.getHost().toLowerCase(Locale.ROOT);
    }

    private static Optional<String> instance(@Nullable String written) {
        String text = written == null ? "" : written.replace("\"", "");
        return text.isEmpty() || text.length() > MAX_INSTANCE ? Optional.empty() : Optional.of(text);
    }

    private static OptionalInt number(@Nullable String written) {
        return written != null && written.matches("[0-9]{1,9}")
                ? OptionalInt.of(Integer.parseInt(written))
                : OptionalInt.empty();
    }
}
