package io.ringdown.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** As much of a SIP request as a small user agent server needs (RFC 3261 §7). */
record SipMessage(String method, String uri, List<Map.Entry<String, String>> headers, String body) {
    private static final Map<String, String> COMPACT = Map.of(
            "v",
            "via",
            "f",
            "from",
            "t",
            "to",
            "i",
            "call-id",
            "m",
            "contact",
            "c",
            "content-type",
            "l",
            "content-length");

    static Optional<SipMessage> parse(String text) {
        int end = text.indexOf("\r\n\r\n");
        String[] lines = (end < 0 ? text : text.substring(0, end)).split("\r\n", -1);
        String[] start = lines[0].split(" ", -1);
        if (start.length != 3 || !start[2].equals("SIP/2.0")) {
            return Optional.empty(); // responses and keep-alives
        }
        List<Map.Entry<String, String>> headers = new ArrayList<>();
        for (int i = 1; i < lines.length; i++) {
            int colon = lines[i].indexOf(':');
            if (colon > 0) {
                String name = lines[i].substring(0, colon).strip().toLowerCase(Locale.ROOT);
                headers.add(Map.entry(
                        COMPACT.getOrDefault(name, name),
                        lines[i].substring(colon + 1).strip()));
            }
        }
        return Optional.of(new SipMessage(start[0], start[1], headers, end < 0 ? "" : text.substring(end + 4)));
    }

    String header(String name) {
        return headers.stream()
                .filter(header -> header.getKey().equals(name))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse("");
    }

    /** The user of the request's URI. */
    String user() {
        int from = uri.indexOf(':') + 1;
        int to = uri.indexOf('@');
        return to < from ? "" : uri.substring(from, to);
    }

    /** A response to this request, without the blank line and the body (RFC 3261 §8.2.6). */
    String response(String status, String toTag) {
        StringBuilder text = new StringBuilder("SIP/2.0 ").append(status).append("\r\n");
        headers.stream()
                .filter(header -> header.getKey().equals("via"))
                .forEach(via -> text.append("Via: ").append(via.getValue()).append("\r\n"));
        String to = header("to");
        text.append("From: ").append(header("from")).append("\r\n");
        text.append("To: ")
                .append(to)
                .append(to.contains(";tag=") ? "" : ";tag=" + toTag)
                .append("\r\n");
        text.append("Call-ID: ").append(header("call-id")).append("\r\n");
        return text.append("CSeq: ").append(header("cseq")).append("\r\n").toString();
    }
}
