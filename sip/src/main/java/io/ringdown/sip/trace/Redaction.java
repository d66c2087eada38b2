package io.ringdown.sip.trace;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Takes out of a message what nobody may read later: answers to challenges, keys of media, digits. Numbers stay, for a trace
 * without them explains nothing. Pure; safe for all threads.
 */
final class Redaction {
    /** The most that is kept of one message, in characters. */
    static final int MOST_KEPT = 6000;

    private static final Pattern PROOF = Pattern.compile("(?i)\\b(response|cnonce)(\\s*=\\s*)(\"[^\"]*\"|[^,\\s]*)");
    private static final Pattern POST_DIAL = Pattern.compile("(?i);postd=[^;>\\s\"]*");
    private static final String NO_KEY = "left/out";
    private static final Pattern MEDIA_KEY = Pattern.compile("(?i)(\\binline:)([^|\\s;]+)");
    // RFC 4566 5: one letter and an equals sign.
    private static final Pattern SDP_LINE = Pattern.compile("[a-z]=.*");

    private Redaction() {}

    /** What is known of a body while its lines go by. */
    private enum Body {
        SDP,
        MULTIPART,
        SIPFRAG,
        OTHER
    }

    /** The message without them; lines may end by LF or CRLF and do end by CRLF then. */
    static String of(String message) {
        StringBuilder kept = new StringBuilder(Math.min(message.length() + 64, MOST_KEPT));
        Body body = Body.OTHER;
        boolean head = true;
        boolean dropping = false;
        int lengthAt = -1;
        int bodyAt = 0;
        int left = 0;
        for (int at = 0; at < message.length(); ) {
            int end = message.indexOf('\n', at);
            int next = end < 0 ? message.length() : end + 1;
            String line = message.substring(at, end < 0 ? message.length() : end);
            line = line.endsWith("\r") ? line.substring(0, line.length() - 1) : line;
            at = next;
            if (kept.length() + line.length() > MOST_KEPT) {
                kept.append("[cut here: ").append(message.length()).append(" characters in all]\r\n");
                return kept.toString();
            }
            if (!head) {
                if (isKept(body, line)) {
                    kept.append(bodyLine(line)).append("\r\n");
                } else {
                    left += line.length() + 2;
                }
            } else if (line.isEmpty()) {
                head = false;
                kept.append("\r\n");
                bodyAt = kept.length();
            } else if (line.startsWith(" ") || line.startsWith("\t")) {
                // A folded line belongs to the header before it (RFC 3261 7.3.1).
                kept.append(dropping ? " [left out]" : header(line)).append("\r\n");
            } else {
                String name = nameOf(line);
                dropping = isCredentials(name);
                body = isContentType(name) ? bodyOf(line) : body;
                lengthAt = isContentLength(name) ? kept.length() : lengthAt;
                kept.append(dropping ? credentials(line) : header(line)).append("\r\n");
            }
        }
        if (left > 0) {
            kept.append('[').append(left).append(" characters of the body left out]\r\n");
        }
        if (!head && lengthAt >= 0 && !message.endsWith(kept.substring(bodyAt))) {
            setLength(kept, lengthAt, kept.substring(bodyAt));
        }
        return kept.toString();
    }

    // Of a key's length and letters, padding too: Wireshark takes an a=crypto whose key is too short for a broken
    // message.
    private static String noKey(String key) {
        int letters = key.endsWith("==") ? key.length() - 2 : key.endsWith("=") ? key.length() - 1 : key.length();
        return NO_KEY.repeat(letters / NO_KEY.length() + 1).substring(0, letters) + "=".repeat(key.length() - letters);
    }

    // Readers of captures believe Content-Length: a body of which something was left out gets its own.
    private static void setLength(StringBuilder kept, int lengthAt, String body) {
        int colon = kept.indexOf(":", lengthAt);
        kept.replace(colon + 1, kept.indexOf("\r\n", lengthAt), " " + body.getBytes(StandardCharsets.UTF_8).length);
    }

    private static boolean isContentLength(String name) {
        return name.equals("content-length") || name.equals("l");
    }

    private static String nameOf(String line) {
        int colon = line.indexOf(':');
        return colon < 0 ? "" : line.substring(0, colon).strip().toLowerCase(Locale.ROOT);
    }

    private static boolean isCredentials(String name) {
        return name.equals("authorization") || name.equals("proxy-authorization");
    }

    private static boolean isContentType(String name) {
        return name.equals("content-type") || name.equals("c");
    }

    private static Body bodyOf(String line) {
        String value = line.substring(line.indexOf(':') + 1);
        int parameters = value.indexOf(';');
        String type = (parameters < 0 ? value : value.substring(0, parameters))
                .strip()
                .toLowerCase(Locale.ROOT);
        return switch (type) {
            case "application/sdp" -> Body.SDP;
            case "message/sipfrag" -> Body.SIPFRAG;
            default -> type.startsWith("multipart/") ? Body.MULTIPART : Body.OTHER;
        };
    }

    private static String credentials(String line) {
        int colon = line.indexOf(':');
        String value = line.substring(colon + 1).strip();
        return value.regionMatches(true, 0, "Digest", 0, 6)
                ? line.substring(0, colon + 1) + " " + PROOF.matcher(value).replaceAll("$1$2\"[left out]\"")
                : line.substring(0, colon + 1) + " [left out]";
    }

    private static String header(String line) {
        return POST_DIAL.matcher(line).replaceAll(";postd=[left out]");
    }

    // A list of what may stay: digits come in bodies of many types.
    private static boolean isKept(Body body, String line) {
        return switch (body) {
            case SDP -> SDP_LINE.matcher(line).matches();
            case MULTIPART ->
                line.isEmpty()
                        || line.startsWith("--")
                        || line.regionMatches(true, 0, "Content-", 0, 8)
                        || SDP_LINE.matcher(line).matches();
            case SIPFRAG -> line.startsWith("SIP/2.0 ");
            case OTHER -> line.isEmpty();
        };
    }

    private static String bodyLine(String line) {
        if (line.startsWith("a=crypto:")) {
            return MEDIA_KEY.matcher(line).replaceAll(key -> key.group(1) + noKey(key.group(2)));
        }
        if (line.startsWith("a=ice-pwd:") || line.startsWith("a=key-mgmt:")) {
            return line.substring(0, line.indexOf(':') + 1) + "[left out]";
        }
        return line.startsWith("k=") ? "k=[left out]" : line;
    }
}
