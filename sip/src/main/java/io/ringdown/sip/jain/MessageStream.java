package io.ringdown.sip.jain;

import io.ringdown.sip.SipTransport;
import io.ringdown.sip.dialog.MessageGuard;
import io.ringdown.sip.dialog.MessageHead;
import io.ringdown.sip.jain.Counters.Counter;
import io.ringdown.sip.jain.Gatekeeper.Judgement;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A connection's input, cut into whole messages (RFC 3261 18.3) that the gatekeeper has admitted. A message that is too long,
 * that takes too long or that has no sound length ends the connection, since what follows it cannot be found. Read by the
 * connection's one reader thread.
 */
final class MessageStream extends InputStream {
    private static final long MESSAGE_TIME_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final Pattern CONTENT_LENGTH =
            Pattern.compile("(?im)^(?:content-length|l)[ \\t]*:[ \\t]*([0-9]{1,9})[ \\t]*\\r?$");
    private static final byte[] KEEP_ALIVE = {'\r', '\n'};

    private final Socket socket;
    private final InputStream in;
    private final Gatekeeper gatekeeper;
    private final byte[] pending = new byte[MessageGuard.MAX_MESSAGE + 1];
    private int pendingLength;
    private long startedAt;
    private byte[] ready = new byte[0];
    private int readyAt;

    MessageStream(Socket socket, InputStream in, Gatekeeper gatekeeper) {
        this.socket = socket;
        this.in = in;
        this.gatekeeper = gatekeeper;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        while (readyAt == ready.length) {
            if (!takeMessage() && !fill()) {
                return -1;
            }
        }
        int count = Math.min(length, ready.length - readyAt);
        System.arraycopy(ready, readyAt, into, offset, count);
        readyAt += count;
        return count;
    }

    private boolean fill() throws IOException {
        socket.setSoTimeout(pendingLength == 0 ? 0 : remainingMillis());
        int count;
        try {
            count = in.read(pending, pendingLength, pending.length - pendingLength);
        } catch (SocketTimeoutException e) {
            throw refused("a message took too long");
        }
        if (count < 0) {
            return false;
        }
        if (pendingLength == 0) {
            startedAt = System.nanoTime();
        }
        pendingLength += count;
        return true;
    }

    private int remainingMillis() throws IOException {
        long left = MESSAGE_TIME_NANOS - (System.nanoTime() - startedAt);
        if (left <= 0) {
            throw refused("a message took too long");
        }
        return (int) TimeUnit.NANOSECONDS.toMillis(left) + 1;
    }

    private boolean takeMessage() throws IOException {
        if (pendingLength == 0) {
            return false;
        }
        if (pending[0] == '\r' || pending[0] == '\n') {
            return takeLineEnd();
        }
        int head = headLength();
        if (head < 0) {
            if (pendingLength == pending.length) {
                throw broken("a head without end");
            }
            return false;
        }
        int total = head + bodyLength(head);
        if (total > MessageGuard.MAX_MESSAGE) {
            throw refused("a message too long");
        }
        if (pendingLength < total) {
            return false;
        }
        Judgement judgement = gatekeeper.judge(socket.getInetAddress(), pending, 0, total, SipTransport.TCP);
        if (judgement.answer().isPresent()) {
            socket.getOutputStream().write(judgement.answer().get());
        }
        if (!judgement.admitted()) {
            if (judgement.answer().isEmpty()) {
                throw broken("a message that was not admitted");
            }
            drop(total);
            return false;
        }
        ready = Arrays.copyOf(pending, total);
        readyAt = 0;
        drop(total);
        return true;
    }

    private boolean takeLineEnd() {
        int length = 1;
        if (pending[0] == '\r') {
            if (pendingLength < 2) {
                return false;
            }
            length = pending[1] == '\n' ? 2 : 1;
        }
        drop(length);
        gatekeeper.counters().count(Counter.KEEP_ALIVES);
        ready = KEEP_ALIVE;
        readyAt = 0;
        return true;
    }

    private void drop(int length) {
        System.arraycopy(pending, length, pending, 0, pendingLength - length);
        pendingLength -= length;
        startedAt = System.nanoTime();
    }

    // With the empty line; -1 while it has not come.
    private int headLength() {
        for (int i = 1; i < pendingLength; i++) {
            if (pending[i] == '\n'
                    && (pending[i - 1] == '\n' || (pending[i - 1] == '\r' && i >= 2 && pending[i - 2] == '\n'))) {
                return i + 1;
            }
        }
        return -1;
    }

    private int bodyLength(int head) throws IOException {
        Matcher m = CONTENT_LENGTH.matcher(new String(pending, 0, head, StandardCharsets.ISO_8859_1));
        if (!m.find()) {
            throw refused("no Content-Length");
        }
        int length = Integer.parseInt(m.group(1));
        if (m.find() && Integer.parseInt(m.group(1)) != length) {
            throw refused("two lengths");
        }
        return length;
    }

    // RFC 3261 18.3: what is cut short or has no length is answered, and then nothing more can be read.
    private IOException refused(String why) throws IOException {
        Judgement refusal = gatekeeper.refused(MessageHead.of(pending, 0, pendingLength), 400);
        if (refusal.answer().isPresent()) {
            socket.getOutputStream().write(refusal.answer().get());
        }
        return broken(why);
    }

    private IOException broken(String why) {
        gatekeeper.counters().count(Counter.CONNECTIONS_BROKEN);
        return new IOException(why);
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
