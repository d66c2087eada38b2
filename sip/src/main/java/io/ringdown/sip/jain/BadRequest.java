package io.ringdown.sip.jain;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The 400 that the stack writes by itself for what it cannot parse. It sends the whole message back as its body, which would
 * make us the mouth of whoever wrote it. Pure.
 */
final class BadRequest {
    private static final byte[] START =
            ("SIP/2.0 400 Bad Request (" + GuardedParser.FIXED_TEXT + ")").getBytes(StandardCharsets.US_ASCII);

    private BadRequest() {}

    /** Whether the stack wrote this about a message that {@link GuardedParser} refused. */
    static boolean isOne(byte[] message) {
        return message.length > START.length && Arrays.equals(message, 0, START.length, START, 0, START.length);
    }

    /** The same without a body: what RFC 3261 8.2.6.2 has copied from the request stays, nothing else of it. */
    static byte[] withoutBody(byte[] message) {
        String text = new String(message, StandardCharsets.ISO_8859_1);
        int end = text.indexOf("\r\n\r\n");
        StringBuilder out = new StringBuilder();
        text.substring(0, end < 0 ? text.length() : end)
                .lines()
                .filter(line -> !line.regionMatches(true, 0, "Content-", 0, 8))
                .forEach(line -> out.append(line).append("\r\n"));
        return out.append("Content-Length: 0\r\n\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
    }
}
