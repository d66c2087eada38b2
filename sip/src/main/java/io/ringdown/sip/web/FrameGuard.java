package io.ringdown.sip.web;

import io.ringdown.sip.dialog.MessageGuard;
import io.ringdown.sip.dialog.MessageHead;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;

/** What a text frame must look like before it may reach a parser (RFC 7118 5): one whole message, or line ends. Pure. */
public final class FrameGuard {
    private FrameGuard() {}

    /** What becomes of a frame. */
    public sealed interface Verdict {

        /**
         * It may be parsed.
         *
         * @param message as it came
         * @param credentials the values of its Authorization headers, as they came
         */
        record Pass(String message, List<String> credentials) implements Verdict {
            public Pass {
                credentials = List.copyOf(credentials);
            }
        }

        /** {@code CRLF CRLF}, which is answered by {@code CRLF} (RFC 5626 3.5.1). */
        record Ping() implements Verdict {}

        /** Other line ends: the answer to a ping. */
        record Pong() implements Verdict {}

        /** A request that cannot be taken: this is said, in the sender's own words where they are copied. */
        record Refuse(String response) implements Verdict {}

        /** A response or an ACK that cannot be taken. */
        record Drop() implements Verdict {}

        /** No SIP message: who sends that sends nothing else either. */
        record Close(int status, String reason) implements Verdict {}
    }

    /**
     * Judges one frame.
     *
     * @param tag for the To of a refusal
     */
    public static Verdict judge(String frame, String tag) {
        if (frame.length() > MessageGuard.MAX_MESSAGE) {
            return tooLarge();
        }
        byte[] bytes = frame.getBytes(StandardCharsets.UTF_8);
        return switch (MessageGuard.judge(bytes, 0, bytes.length)) {
            case PASS -> judgeHead(frame, bytes, tag);
            case KEEP_ALIVE -> frame.equals("\r\n\r\n") ? new Verdict.Ping() : new Verdict.Pong();
            case TOO_LARGE -> tooLarge();
            case NOT_SIP -> new Verdict.Close(1007, "not SIP");
            case CONTROL_CHARACTER, TOO_MANY_HEADERS -> refused(MessageHead.of(bytes, 0, bytes.length), 400, tag);
        };
    }

    private static Verdict tooLarge() {
        return new Verdict.Close(1009, "too large");
    }

    private static Verdict judgeHead(String frame, byte[] bytes, String tag) {
        MessageHead head = MessageHead.of(bytes, 0, bytes.length);
        OptionalInt fault = head.fault("WSS");
        if (fault.isPresent()) {
            fault = head.fault("WS");
        }
        if (fault.isPresent()) {
            return refused(head, fault.getAsInt(), tag);
        }
        boolean tagged = head.headers("from").stream().allMatch(from -> from.matches("(?is).*;\\s*tag\\s*=\\s*\\S.*"));
        if (!tagged || !hasBranch(head) || !hasItsLength(head, bytes)) {
            return refused(head, 400, tag);
        }
        return new Verdict.Pass(
                frame,
                head.headers("authorization").stream()
                        .map(line -> line.substring(line.indexOf(':') + 1).strip())
                        .toList());
    }

    // RFC 3261 8.1.1.7. The stack stumbles over an ACK without.
    private static boolean hasBranch(MessageHead head) {
        return head.headers("via").getFirst().matches("(?is)[^,]*;\\s*branch\\s*=\\s*z9hG4bK[a-z0-9.!%*_+`'~-].*");
    }

    // One message a frame: nothing may follow, and nothing be missing. Where it says no length, the frame has one.
    private static boolean hasItsLength(MessageHead head, byte[] bytes) {
        Optional<String> said = head.headers("content-length").stream()
                .map(line -> line.substring(line.indexOf(':') + 1).strip().toLowerCase(Locale.ROOT))
                .findFirst();
        int body = bytes.length - endOfHead(bytes);
        return said.isEmpty() || said.get().equals(Integer.toString(body));
    }

    private static int endOfHead(byte[] bytes) {
        for (int i = 0; i < bytes.length; i++) {
            boolean bare = bytes[i] == '\n' && i + 1 < bytes.length && bytes[i + 1] == '\n';
            boolean full = bytes[i] == '\n' && i + 2 < bytes.length && bytes[i + 1] == '\r' && bytes[i + 2] == '\n';
            if (bare || full) {
                return i + (bare ? 2 : 3);
            }
        }
        return bytes.length;
    }

    private static Verdict refused(MessageHead head, int status, String tag) {
        return head.isAnswerable()
                ? new Verdict.Refuse(new String(head.refusal(status, tag), StandardCharsets.ISO_8859_1))
                : new Verdict.Drop();
    }
}
