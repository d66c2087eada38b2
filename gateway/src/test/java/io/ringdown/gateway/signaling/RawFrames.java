package io.ringdown.gateway.signaling;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A WebSocket frame by frame (RFC 6455 §5.2), for what no client's library would send. */
final class RawFrames implements AutoCloseable {
    static final int CONTINUATION = 0;
    static final int TEXT = 1;
    static final int BINARY = 2;
    static final int PING = 9;
    static final int RSV1 = 0x40; // RFC 7692 §6: "this message is compressed"

    private static final int FIN = 0x80;
    private static final int MASKED = 0x80;

    private final Socket socket;

    RawFrames(int port, String origin) throws IOException {
        this(port, "/v1/rtc", RawHandshake.UPGRADE, origin);
    }

    /** One at another path than that of our own protocol, asked for by these headers. */
    RawFrames(int port, String path, String upgrade, String origin) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(10_000);
        socket.setTcpNoDelay(true);
        socket.getOutputStream()
                .write(("GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\n" + upgrade + "Origin: " + origin + "\r\n\r\n")
                        .getBytes(StandardCharsets.ISO_8859_1));
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = socket.getInputStream().read();
            if (next < 0) {
                throw new IOException("refused: " + head);
            }
            head.append((char) next);
        }
    }

    /** Sends so many of the same frame in one piece; its payload at most 125 bytes, its mask zeros. */
    void send(int opcode, boolean isLast, String payload, int times) throws IOException {
        byte[] text = payload.getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream frames = new ByteArrayOutputStream();
        for (int i = 0; i < times; i++) {
            frames.write((isLast ? FIN : 0) | opcode);
            frames.write(MASKED | text.length);
            frames.writeBytes(new byte[4]);
            frames.writeBytes(text);
        }
        socket.getOutputStream().write(frames.toByteArray());
    }

    /** Everything that comes until a text contains this; fails with an {@link IOException} if the socket ends before. */
    void awaitText(String wanted) throws IOException {
        StringBuilder seen = new StringBuilder();
        while (seen.indexOf(wanted) < 0) {
            int next = socket.getInputStream().read();
            if (next < 0) {
                throw new IOException("the socket is closed");
            }
            seen.append((char) next);
        }
    }

    /** Whether the gateway ends the socket within ten seconds. */
    boolean isCut() throws IOException {
        try {
            byte[] buffer = new byte[4096];
            int read = 0;
            while (read >= 0) {
                read = socket.getInputStream().read(buffer);
            }
            return true;
        } catch (java.net.SocketTimeoutException stays) {
            return false;
        } catch (IOException reset) {
            return true;
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
