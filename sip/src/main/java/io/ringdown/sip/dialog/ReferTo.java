package io.ringdown.sip.dialog;

import io.ringdown.sip.ReferTarget;
import io.ringdown.sip.Replacement;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Refer-To (RFC 3515 2.1), read and written. Of a peer's nothing is kept but the number and Replaces: other headers in its URI
 * (RFC 3261 19.1.5) would be headers of an INVITE of ours in the words of a stranger.
 */
public final class ReferTo {
    private static final int MAX_LENGTH = 2048;
    private static final int MAX_HEADERS = 16;
    private static final String UNRESERVED = "-_.!~*'()";

    /** What a REFER asks for. */
    sealed interface Asked {

        /** A call to this target. */
        record Call(ReferTarget target) implements Asked {}

        /** What is refused by this status. */
        record Refused(int status) implements Asked {}
    }

    private ReferTo() {}

    /** Reads what a REFER asks for. */
    static Asked read(ReferRequest request) {
        // RFC 3515 2.4.2: 400 for none, and for more than one.
        if (request.referTo().size() != 1 || request.referTo().getFirst().length() > MAX_LENGTH) {
            return new Asked.Refused(400);
        }
        return uriOf(request.referTo().getFirst())
                .map(uri -> read(uri, request.referredBy()))
                .orElseGet(() -> new Asked.Refused(400));
    }

    private static Asked read(String uri, Optional<String> referredBy) {
        int colon = uri.indexOf(':');
        if (colon <= 0) {
            return new Asked.Refused(400);
        }
        String scheme = uri.substring(0, colon).toLowerCase(Locale.ROOT);
        if (scheme.equals("tel")) {
            return call(number(uri.substring(colon + 1)), Optional.empty(), referredBy);
        }
        if (!scheme.equals("sip") && !scheme.equals("sips")) {
            return new Asked.Refused(416);
        }
        int query = uri.indexOf('?', Math.max(colon, uri.indexOf('@')));
        String address = uri.substring(colon + 1, query < 0 ? uri.length() : query);
        int at = address.lastIndexOf('@');
        if (!asksForInvite(address.substring(at + 1))) {
            return new Asked.Refused(603); // RFC 3515 2.4.4: any method may be asked for; none but this is done here
        }
        List<String> replaces = query < 0 ? List.of() : headers(uri.substring(query + 1), "replaces");
        Optional<Replacement> replacement = replaces.stream().findFirst().flatMap(Replacement::parse);
        if (replaces.size() > 1 || replacement.isPresent() == replaces.isEmpty()) {
            return new Asked.Refused(400);
        }
        return call(number(address.substring(0, Math.max(0, at))), replacement, referredBy);
    }

    private static Asked call(String number, Optional<Replacement> replaces, Optional<String> referredBy) {
        return number.isEmpty() && replaces.isEmpty()
                ? new Asked.Refused(404) // an address that is nobody's
                : new Asked.Call(new ReferTarget(number, replaces, Optional.empty(), referredBy));
    }

    // name-addr or addr-spec (RFC 3261 25.1); a comma behind it would begin another one.
    private static Optional<String> uriOf(String value) {
        String text = value.strip();
        int from = 0;
        if (text.startsWith("\"")) {
            from = endOfQuoted(text);
        }
        int open = from < 0 ? -1 : text.indexOf('<', from);
        if (open < 0) {
            return from != 0 || text.indexOf(',') >= 0 || text.isEmpty()
                    ? Optional.empty()
                    : Optional.of(text.indexOf('?') < 0 ? text.split(";", 2)[0] : text);
        }
        int close = text.indexOf('>', open);
        if (close < 0 || text.indexOf(',', close) >= 0) {
            return Optional.empty();
        }
        return Optional.of(text.substring(open + 1, close).strip());
    }

    private static int endOfQuoted(String text) {
        for (int i = 1; i < text.length(); i++) {
            if (text.charAt(i) == '\\') {
                i++;
            } else if (text.charAt(i) == '"') {
                return i + 1;
            }
        }
        return -1;
    }

    private static String number(String user) {
        return SipText.cleaned(SipText.unescaped(user.split("[;:]", 2)[0]));
    }

    private static boolean asksForInvite(String hostAndParameters) {
        for (String parameter : hostAndParameters.split(";", MAX_HEADERS)) {
            String[] named = parameter.split("=", 2);
            if (named.length == 2
                    && named[0].strip().equalsIgnoreCase("method")
                    && !named[1].strip().equals("INVITE")) {
                return false;
            }
        }
        return true;
    }

    private static List<String> headers(String query, String name) {
        return List.of(query.split("&", MAX_HEADERS)).stream()
                .map(header -> header.split("=", 2))
                .filter(named ->
                        named.length == 2 && SipText.unescaped(named[0]).strip().equalsIgnoreCase(name))
                .map(named -> SipText.unescaped(named[1]))
                .toList();
    }

    /** A value for Refer-To: this URI alone. */
    public static String of(String uri) {
        return "<" + uri + ">";
    }

    /**
     * A value for Refer-To that asks to call there in place of that dialog (RFC 5589 7).
     *
     * @param target the remote target of the dialog
     * @param replaces as its peer sees the dialog
     */
    public static String of(String target, Replacement replaces) {
        int query = target.indexOf('?');
        return "<" + (query < 0 ? target : target.substring(0, query)) + "?Replaces=" + escaped(replaces.headerValue())
                + "&Require=replaces>";
    }

    // RFC 3261 25.1: hvalue; what is not unreserved is escaped, be it allowed there or not.
    private static String escaped(String value) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            boolean plain = (c >= '0' && c <= '9')
                    || (c >= 'A' && c <= 'Z')
                    || (c >= 'a' && c <= 'z')
                    || UNRESERVED.indexOf(c) >= 0;
            out.append(plain ? String.valueOf(c) : String.format(Locale.ROOT, "%%%02X", (int) c));
        }
        return out.toString();
    }
}
