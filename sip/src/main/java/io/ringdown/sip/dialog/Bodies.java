package io.ringdown.sip.dialog;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds the session description in a body, and what else it has (RFC 5621 for multipart). Pure. */
public final class Bodies {
    private static final Pattern BOUNDARY =
            Pattern.compile("(?i);\\s*boundary\\s*=\\s*(?:\"([^\"]{1,70})\"|([^\\s;\"]{1,70}))");
    private static final Pattern PART_TYPE = Pattern.compile("(?im)^content-type[ \\t]*:[ \\t]*([^;\\r\\n]{1,80})");
    private static final Pattern PART_ID = Pattern.compile("(?im)^content-id[ \\t]*:[ \\t]*<([^>\\r\\n]{1,200})>");
    private static final int MAX_PARTS = 16;

    private Bodies() {}

    /** The session description of a body of this type; empty where there is none. */
    public static Optional<String> sdp(String contentType, byte[] body) {
        String type = contentType.strip().toLowerCase(Locale.ROOT);
        if (body.length == 0) {
            return Optional.empty();
        }
        String text = new String(body, StandardCharsets.UTF_8);
        if (isSdp(type)) {
            return Optional.of(text);
        }
        return part(contentType, text, head -> {
            Matcher partType = PART_TYPE.matcher(head);
            return partType.find() && isSdp(partType.group(1).strip().toLowerCase(Locale.ROOT));
        });
    }

    /** The part that has this Content-ID, which is given without its brackets; empty where there is none. */
    public static Optional<String> named(String contentType, byte[] body, String contentId) {
        String text = new String(body, StandardCharsets.UTF_8);
        return part(contentType, text, head -> {
            Matcher id = PART_ID.matcher(head);
            return id.find() && id.group(1).equals(contentId);
        });
    }

    /** The first part of a multipart body whose head is the wanted one. */
    private static Optional<String> part(String contentType, String text, Predicate<String> wanted) {
        Matcher boundary = BOUNDARY.matcher(contentType);
        if (!contentType.strip().toLowerCase(Locale.ROOT).startsWith("multipart/") || !boundary.find()) {
            return Optional.empty();
        }
        String delimiter = "--" + (boundary.group(1) != null ? boundary.group(1) : boundary.group(2));
        String[] parts = text.split(Pattern.quote(delimiter), MAX_PARTS);
        for (int i = 1; i < parts.length; i++) {
            int head = headEnd(parts[i]);
            if (head >= 0 && wanted.test(parts[i].substring(0, head))) {
                return Optional.of(parts[i].substring(head).stripLeading());
            }
        }
        return Optional.empty();
    }

    private static int headEnd(String part) {
        int crlf = part.indexOf("\r\n\r\n");
        return crlf >= 0 ? crlf + 2 : part.indexOf("\n\n");
    }

    private static boolean isSdp(String type) {
        int semicolon = type.indexOf(';');
        return (semicolon < 0 ? type : type.substring(0, semicolon)).strip().equals("application/sdp");
    }
}
