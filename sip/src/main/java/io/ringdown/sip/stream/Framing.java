package io.ringdown.sip.stream;

import io.ringdown.sip.dialog.MessageGuard;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A stream's bytes, cut into whole messages by their Content-Length (RFC 3261 18.3) and the line ends between them. What is
 * too long or has no sound length cannot be cut, and breaks the stream, since what follows it cannot be found. After each
 * {@link #feed} take all parts. Pure; for one thread.
 */
public final class Framing {
    private static final Pattern CONTENT_LENGTH =
            Pattern.compile("(?im)^(?:content-length|l)[ \\t]*:[ \\t]*([0-9]{1,9})[ \\t]*\\r?$");

    private final byte[] pending = new byte[MessageGuard.MAX_MESSAGE + 1];
    private int length;

    /** A piece of the stream. */
    public sealed interface Part {
        /** One message; whoever takes it owns the bytes. */
        @SuppressWarnings("ArrayRecordComponent") // handed on once, never compared
        record Message(byte[] bytes) implements Part {}

        /** A line end where a message could begin: half of a keep-alive, or its answer (RFC 5626 4.4.1). */
        record LineEnd() implements Part {}
    }

    /** The stream is of no more use. */
    public static final class Broken extends IOException {
        private static final long serialVersionUID = 1L;

        /** In words without any of the peer's. */
        public Broken(String why) {
            super(why);
        }
    }

    /** How many bytes may be fed now; at least one once all parts are taken. */
    public int room() {
        return pending.length - length;
    }

    /** Whether a message has begun that is not whole: its end may be waited for so long and no longer. */
    public boolean isPartial() {
        return length > 0;
    }

    /** What has come of a message that is not whole. */
    public byte[] begun() {
        return Arrays.copyOf(pending, length);
    }

    /** Takes bytes that have come, at most {@link #room}. */
    public void feed(byte[] bytes, int count) {
        System.arraycopy(bytes, 0, pending, length, count);
        length += count;
    }

    /** The next part; empty where more bytes are needed. */
    public Optional<Part> next() throws Broken {
        if (length == 0) {
            return Optional.empty();
        }
        return pending[0] == '\r' || pending[0] == '\n' ? lineEnd() : message();
    }

    private Optional<Part> lineEnd() {
        if (pending[0] == '\r' && length < 2) {
            return Optional.empty();
        }
        drop(pending[0] == '\r' && pending[1] == '\n' ? 2 : 1);
        return Optional.of(new Part.LineEnd());
    }

    private Optional<Part> message() throws Broken {
        int head = headLength();
        if (head < 0) {
            if (length == pending.length) {
                throw new Broken("a head without end");
            }
            return Optional.empty();
        }
        int total = head + bodyLength(head);
        if (total > MessageGuard.MAX_MESSAGE) {
            throw new Broken("a message too long");
        }
        if (length < total) {
            return Optional.empty();
        }
        byte[] whole = Arrays.copyOf(pending, total);
        drop(total);
        return Optional.of(new Part.Message(whole));
    }

    private void drop(int count) {
        System.arraycopy(pending, count, pending, 0, length - count);
        length -= count;
    }

    // With the empty line; -1 while it has not come.
    private int headLength() {
        for (int i = 1; i < length; i++) {
            if (pending[i] == '\n'
                    && (pending[i - 1] == '\n' || (pending[i - 1] == '\r' && i >= 2 && pending[i - 2] == '\n'))) {
                return i + 1;
            }
        }
        return -1;
    }

    private int bodyLength(int head) throws Broken {
        Matcher m = CONTENT_LENGTH.matcher(new String(pending, 0, head, StandardCharsets.ISO_8859_1));
        if (!m.find()) {
            throw new Broken("no Content-Length");
        }
        int body = Integer.parseInt(m.group(1));
        if (m.find() && Integer.parseInt(m.group(1)) != body) {
            throw new Broken("two lengths");
        }
        return body;
    }
}
