package io.ringdown.sip.tls;

import java.net.InetAddress;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x500.style.IETFUtils;

/**
 * The SIP domains that a certificate is for (RFC 5922 7.1), read from the leaf alone. Immutable.
 *
 * @param domains in small letters, without a dot at the end
 * @param addresses iPAddress entries, for a peer that is configured by its address; RFC 5922 does not know them
 */
public record PeerNames(List<String> domains, List<InetAddress> addresses) {
    private static final int DNS = 2;
    private static final int URI = 6;
    private static final int IP = 7;
    // A URI with a user part names somebody, not a domain.
    private static final Pattern SIP_DOMAIN = Pattern.compile("(?i)sip:([a-z0-9.-]+)");
    private static final int MAX_SHOWN = 3;

    public PeerNames {
        domains = List.copyOf(domains);
        addresses = List.copyOf(addresses);
    }

    /** The names of a leaf certificate; none at all where they cannot be read. */
    public static PeerNames of(X509Certificate leaf) {
        Collection<List<?>> alternatives;
        try {
            alternatives = leaf.getSubjectAlternativeNames();
        } catch (CertificateParsingException unreadable) {
            return new PeerNames(List.of(), List.of());
        }
        if (alternatives == null) {
            return new PeerNames(commonName(leaf), List.of());
        }
        List<String> uris = new ArrayList<>();
        List<String> hosts = new ArrayList<>();
        List<InetAddress> addresses = new ArrayList<>();
        for (List<?> entry : alternatives) {
            if (!(entry.get(0) instanceof Integer kind) || !(entry.get(1) instanceof String value)) {
                continue;
            }
            switch (kind) {
                case URI -> sipDomain(value).ifPresent(uris::add);
                case DNS -> hosts.add(plain(value));
                case IP -> literal(value).ifPresent(addresses::add);
                default -> {} // not about hosts
            }
        }
        // A domain that is named by a SIP URI leaves dNSName to other services.
        return new PeerNames(uris.isEmpty() ? hosts : uris, addresses);
    }

    /**
     * Whether the certificate is for this domain: letter by letter but for their case. An address fits an iPAddress entry.
     *
     * @param wildcards whether a {@code *} may stand for the left-most label, whole (RFC 6125 6.4.3); else it fits nothing (RFC
     *     5922 7.2)
     */
    public boolean fit(String expected, boolean wildcards) {
        return matching(expected, wildcards).isPresent();
    }

    /** The name on the certificate that makes it {@link #fit}, for reading: the domain itself, or the wildcard above it. */
    Optional<String> matching(String expected, boolean wildcards) {
        Optional<InetAddress> address = literal(expected);
        if (address.isPresent()) {
            return address.filter(addresses::contains).map(InetAddress::getHostAddress);
        }
        String name = plain(expected);
        Optional<String> itself = Optional.of(name).filter(domains::contains);
        return wildcards ? itself.or(() -> wildcardAbove(name)) : itself;
    }

    // What stands behind the label must itself be a name of two: *.net would be for everybody.
    private Optional<String> wildcardAbove(String name) {
        int dot = name.indexOf('.');
        return dot > 0 && name.indexOf('.', dot + 1) > dot + 1
                ? Optional.of("*" + name.substring(dot)).filter(domains::contains)
                : Optional.empty();
    }

    private static Optional<String> sipDomain(String uri) {
        Matcher m = SIP_DOMAIN.matcher(uri);
        return m.matches() ? Optional.of(plain(m.group(1))) : Optional.empty();
    }

    private static List<String> commonName(X509Certificate leaf) {
        X500Name subject = X500Name.getInstance(leaf.getSubjectX500Principal().getEncoded());
        RDN[] names = subject.getRDNs(BCStyle.CN);
        return names.length == 0
                ? List.of()
                : List.of(plain(IETFUtils.valueToString(names[0].getFirst().getValue())));
    }

    private static String plain(String name) {
        String small = name.toLowerCase(Locale.ROOT);
        return small.endsWith(".") ? small.substring(0, small.length() - 1) : small;
    }

    private static Optional<InetAddress> literal(String text) {
        try {
            return Optional.of(InetAddress.ofLiteral(text));
        } catch (IllegalArgumentException name) {
            return Optional.empty();
        }
    }

    /** For the log: some of the names, short, and nothing but what a name is made of, since whoever made them may be anybody. */
    @Override
    public String toString() {
        List<String> shown = new ArrayList<>();
        for (String domain : domains.subList(0, Math.min(MAX_SHOWN, domains.size()))) {
            String clean = domain.replaceAll("[^a-z0-9.*_-]", "?");
            shown.add(clean.substring(0, Math.min(64, clean.length())));
        }
        addresses.stream().limit(MAX_SHOWN).map(InetAddress::getHostAddress).forEach(shown::add);
        return shown.isEmpty() ? "nobody" : String.join(", ", shown);
    }
}
