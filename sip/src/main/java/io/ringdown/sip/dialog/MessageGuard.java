package io.ringdown.sip.dialog;

/** What a message must look like before it may reach a parser. Pure; safe for all threads. */
public final class MessageGuard {
    /** The largest message; a parser's time grows with it. */
    public static final int MAX_MESSAGE = 16 * 1024;

    private static final int MAX_HEADERS = 128;
    private static final int MAX_METHOD = 64;

    private MessageGuard() {}

    /** What was found. */
    public enum Verdict {
        /** It may be parsed. */
        PASS,
        /** Only line ends: RFC 5626's keep-alive. */
        KEEP_ALIVE,
        /** More than {@link #MAX_MESSAGE}. */
        TOO_LARGE,
        /** NUL or another control character before the body. */
        CONTROL_CHARACTER,
        /** Too many header lines. */
        TOO_MANY_HEADERS,
        /** The first line is neither a request's nor a response's. */
        NOT_SIP
    }

    /** Judges one whole message. */
    public static Verdict judge(byte[] bytes, int offset, int length) {
        if (length > MAX_MESSAGE) {
            return Verdict.TOO_LARGE;
        }
        int end = offset + length;
        int start = offset;
        while (start < end && (bytes[start] == '\r' || bytes[start] == '\n')) {
            start++;
        }
        if (start == end) {
            return Verdict.KEEP_ALIVE;
        }
        if (start != offset || !beginsLikeSip(bytes, start, end)) {
            return Verdict.NOT_SIP;
        }
        return judgeHead(bytes, start, end);
    }

    // "SIP/2.0 200 ..." or "METHOD sip:... SIP/2.0"
    private static boolean beginsLikeSip(byte[] bytes, int start, int end) {
        int i = start;
        while (i < end && i - start <= MAX_METHOD && isTokenByte(bytes[i])) {
            i++;
        }
        if (i == start || i == end) {
            return false;
        }
        boolean response = bytes[i] == '/' && i - start == 3;
        return response || bytes[i] == ' ';
    }

    private static boolean isTokenByte(byte b) {
        return (b >= '0' && b <= '9')
                || (b >= 'A' && b <= 'Z')
                || (b >= 'a' && b <= 'z')
                || "-.!%*_+`'~".indexOf(b) >= 0;
    }

    private static boolean isControl(byte b) {
        return (b >= 0 && b < 0x20 && b != '\r' && b != '\t') || b == 0x7f;
    }

    private static Verdict judgeHead(byte[] bytes, int start, int end) {
        int lines = 0;
        int lineStart = start;
        for (int i = start; i < end; i++) {
            byte b = bytes[i];
            if (b == '\n') {
                if (i == lineStart || (i == lineStart + 1 && bytes[lineStart] == '\r')) {
                    return Verdict.PASS; // the body is opaque
                }
                lineStart = i + 1;
                if (++lines > MAX_HEADERS) {
                    return Verdict.TOO_MANY_HEADERS;
                }
            } else if (isControl(b) && (i == start || bytes[i - 1] != '\\')) {
                return Verdict.CONTROL_CHARACTER; // escaped, it is a quoted-pair (RFC 3261 25.1)
            } else if (b == '\r' && i + 1 < end && bytes[i + 1] != '\n') {
                return Verdict.CONTROL_CHARACTER; // a lone CR splits lines for some and not for others
            }
        }
        return Verdict.PASS;
    }
}
