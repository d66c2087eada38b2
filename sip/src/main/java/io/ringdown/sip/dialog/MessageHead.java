package io.ringdown.sip.dialog;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The head of a message as lines, before any parser: enough to see what a parser forgives or trips over, and to refuse it
 * (RFC 3261 8.2.6). Pure; safe for all threads.
 */
public final class MessageHead {
    private static final int MAX_COPIED = 8 * 1024;
    private static final Map<String, String> COMPACT = Map.of(
            "v",
            "via",
            "f",
            "from",
            "t",
            "to",
            "i",
            "call-id",
            "l",
            "content-length",
            "m",
            "contact",
            "c",
            "content-type",
            "r",
            "refer-to",
            "b",
            "referred-by");
    private static final List<String> MANDATORY = List.of("via", "from", "to", "call-id", "cseq");
    private static final Set<String> SINGLE = Set.of(
            "from",
            "to",
            "call-id",
            "cseq",
            "max-forwards",
            "content-length",
            "content-type",
            "refer-to",
            "referred-by",
            "replaces");
    private static final Set<String> COPIED = Set.of("via", "from", "to", "call-id", "cseq");
    private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9.!%*_+`'~-]{1,64}");
    private static final Pattern OTHER_VERSION = Pattern.compile("(?i)\\S+ .* SIP/(?!2\\.0$)[0-9]+\\.[0-9]+");
    private static final Pattern VIA =
            Pattern.compile("[^:]*:\\s*SIP\\s*/\\s*[0-9.]+\\s*/\\s*([A-Za-z0-9-]{1,16})\\s.*", Pattern.DOTALL);

    private final String firstLine;
    private final List<Line> lines;

    /** A header with its folded lines, as it came. */
    private record Line(String name, String text) {}

    private MessageHead(String firstLine, List<Line> lines) {
        this.firstLine = firstLine;
        this.lines = lines;
    }

    /** Cuts the head into lines; what is no header line is left out. */
    public static MessageHead of(byte[] bytes, int offset, int length) {
        String text = new String(bytes, offset, length, StandardCharsets.ISO_8859_1);
        List<Line> lines = new ArrayList<>();
        int at = 0;
        String first = "";
        while (at < text.length()) {
            int end = endOfHeader(text, at);
            String line = text.substring(at, end).stripTrailing();
            if (line.isEmpty()) {
                break;
            }
            int colon = line.indexOf(':');
            if (at == 0) {
                first = line;
            } else if (colon > 0) {
                String name = line.substring(0, colon).strip().toLowerCase(Locale.ROOT);
                lines.add(new Line(COMPACT.getOrDefault(name, name), line));
            }
            at = end;
        }
        return new MessageHead(first, lines);
    }

    // Behind the line end that no blank follows (RFC 3261 7.3.1).
    private static int endOfHeader(String text, int from) {
        int at = from;
        while (true) {
            int end = text.indexOf('\n', at);
            if (end < 0) {
                return text.length();
            }
            boolean folded = end + 1 < text.length() && (text.charAt(end + 1) == ' ' || text.charAt(end + 1) == '\t');
            boolean empty = text.substring(from, end).isBlank();
            if (!folded || empty) {
                return end + 1;
            }
            at = end + 1;
        }
    }

    /** Whether it wants an answer: it is a request, but no ACK. */
    public boolean isAnswerable() {
        return isRequest() && !firstLine.startsWith("ACK ") && firstLine.indexOf(' ') > 0;
    }

    /**
     * The status to refuse a request by, if it must be: 505 for another version (RFC 3261 21.5.6), and 400 where it lacks what
     * each message has (8.1.1), says twice what can be said once, or came over another transport than its sender says, so that
     * an answer would not find its way. A response is not answered: empty is as good as any status there.
     *
     * @param transport {@code UDP}, {@code TCP} or {@code TLS}
     */
    public OptionalInt fault(String transport) {
        Map<String, Integer> counts = new HashMap<>();
        for (Line line : lines) {
            counts.merge(line.name(), 1, Integer::sum);
        }
        if (OTHER_VERSION.matcher(firstLine).matches()) {
            return OptionalInt.of(505);
        }
        boolean bad = !counts.keySet().containsAll(MANDATORY)
                || SINGLE.stream().anyMatch(name -> counts.getOrDefault(name, 0) > 1)
                || (isRequest() && !transport.equalsIgnoreCase(viaTransport()));
        return bad ? OptionalInt.of(400) : OptionalInt.empty();
    }

    private boolean isRequest() {
        return !firstLine.startsWith("SIP/");
    }

    private String viaTransport() {
        for (Line line : lines) {
            if (line.name().equals("via")) {
                Matcher m = VIA.matcher(line.text());
                return m.matches() ? m.group(1) : "";
            }
        }
        return "";
    }

    /** The first word; empty where it is no token (RFC 3261 25.1). */
    public String method() {
        int end = firstLine.indexOf(' ');
        String word = end < 0 ? "" : firstLine.substring(0, end);
        return TOKEN.matcher(word).matches() ? word : "";
    }

    /** The headers of this name (written out, in lower case), each with its own name as it came. */
    public List<String> headers(String name) {
        return lines.stream()
                .filter(line -> line.name().equals(name))
                .map(Line::text)
                .toList();
    }

    /**
     * A refusal with what RFC 3261 8.2.6.2 has copied, as it came, and nothing else of the sender's.
     *
     * @param status 400 or 505
     * @param tag for a To that has none
     */
    public byte[] refusal(int status, String tag) {
        StringBuilder out = new StringBuilder("SIP/2.0 ")
                .append(status == 505 ? "505 Version Not Supported" : "400 Bad Request")
                .append("\r\n");
        for (Line line : lines) {
            if (COPIED.contains(line.name()) && out.length() + line.text().length() < MAX_COPIED) {
                out.append(line.text());
                if (line.name().equals("to") && !line.text().matches("(?is).*;\\s*tag\\s*=.*")) {
                    out.append(";tag=").append(tag);
                }
                out.append("\r\n");
            }
        }
        return out.append("Content-Length: 0\r\n\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
    }
}
