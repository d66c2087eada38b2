package io.ringdown.sip.dialog;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * One value of a header that lists addresses, for headers that the stack knows nothing of: a URI and what follows it. Lenient,
 * since nothing but what is told to people hangs on it. Pure.
 *
 * @param uri the URI with its own parameters and headers, without brackets
 * @param parameters those of the header, names in small letters, values without quotes
 */
record AddressValue(String uri, Map<String, String> parameters) {
    private static final int MOST = 32;

    /** The values of one header line or several, in order; the first 32 of them. */
    static List<AddressValue> all(List<String> lines) {
        List<AddressValue> values = new ArrayList<>();
        for (String line : lines) {
            for (String one : split(line, ',')) {
                if (values.size() == MOST) {
                    return values;
                }
                of(one).ifPresent(values::add);
            }
        }
        return values;
    }

    private static Optional<AddressValue> of(String text) {
        List<String> parts = split(text, ';');
        String address = parts.getFirst();
        int open = unquoted(address, '<');
        int close = address.indexOf('>', open + 1);
        if (open >= 0 && close < 0) {
            return Optional.empty();
        }
        String uri = (open < 0 ? address : address.substring(open + 1, close)).strip();
        Map<String, String> parameters = new LinkedHashMap<>();
        for (String parameter : parts.subList(1, parts.size())) {
            int equals = parameter.indexOf('=');
            String name = equals < 0 ? parameter : parameter.substring(0, equals);
            String value = equals < 0 ? "" : parameter.substring(equals + 1);
            parameters.putIfAbsent(
                    name.strip().toLowerCase(Locale.ROOT), value.strip().replace("\"", ""));
        }
        return uri.isEmpty() ? Optional.empty() : Optional.of(new AddressValue(uri, parameters));
    }

    Optional<String> parameter(String name) {
        return Optional.ofNullable(parameters.get(name));
    }

    /** The number or name before the @ of a SIP URI, or that of a tel URI; empty where there is none, or it is withheld. */
    Optional<String> number() {
        String lower = uri.toLowerCase(Locale.ROOT);
        String rest = uri.substring(uri.indexOf(':') + 1);
        int at = rest.indexOf('@');
        if (lower.startsWith("tel:")) {
            return told(until(rest, ";?").replaceAll("[-.()]", ""));
        }
        if (at < 0 || !(lower.startsWith("sip:") || lower.startsWith("sips:"))) {
            return Optional.empty();
        }
        boolean withheld = until(rest.substring(at + 1), ":;?").equalsIgnoreCase("anonymous.invalid");
        return withheld ? Optional.empty() : told(SipText.unescaped(until(rest.substring(0, at), ";:")));
    }

    private static Optional<String> told(String user) {
        String number = SipText.cleaned(user);
        return number.isEmpty() || number.equalsIgnoreCase("anonymous") ? Optional.empty() : Optional.of(number);
    }

    /** A parameter of the URI itself, which stands behind its host. */
    Optional<String> uriParameter(String name) {
        String behindUser = uri.substring(uri.indexOf('@') + 1);
        return named(until(behindUser, "?"), ";", name);
    }

    /** A header that the URI asks for, unescaped. */
    Optional<String> uriHeader(String name) {
        int question = uri.indexOf('?', uri.indexOf('@') + 1);
        return question < 0
                ? Optional.empty()
                : named("&" + uri.substring(question + 1), "&", name).map(SipText::unescaped);
    }

    // The first piece is no parameter.
    private static Optional<String> named(String text, String separator, String name) {
        String[] pieces = text.split(separator, MOST);
        for (int i = 1; i < pieces.length; i++) {
            int equals = pieces[i].indexOf('=');
            if (equals > 0 && pieces[i].substring(0, equals).strip().equalsIgnoreCase(name)) {
                return Optional.of(pieces[i].substring(equals + 1).strip());
            }
        }
        return Optional.empty();
    }

    private static String until(String text, String ends) {
        for (int i = 0; i < text.length(); i++) {
            if (ends.indexOf(text.charAt(i)) >= 0) {
                return text.substring(0, i);
            }
        }
        return text;
    }

    private static int unquoted(String text, char wanted) {
        String first = split(text, wanted).getFirst();
        return first.length() < text.length() ? first.length() : -1;
    }

    /** Cuts where the separator stands outside of quotes and brackets; at least one piece, which may be empty. */
    private static List<String> split(String text, char separator) {
        List<String> pieces = new ArrayList<>();
        boolean quoted = false;
        boolean bracketed = false;
        int from = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == separator && !quoted && !bracketed) {
                pieces.add(text.substring(from, i));
                from = i + 1;
            } else if (c == '\\' && quoted) {
                i++;
            } else if (c == '"' && !bracketed) {
                quoted = !quoted;
            } else if (!quoted) {
                bracketed = c == '<' || (bracketed && c != '>');
            }
        }
        pieces.add(text.substring(from));
        return pieces;
    }
}
