package io.ringdown.gateway.signaling;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A request byte by byte, for what the JDK's clients would not send. */
final class RawHandshake {
    /** The headers that ask for a socket of ours. */
    static final String UPGRADE = """
            Upgrade: websocket
            Connection: Upgrade
            Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==
            Sec-WebSocket-Version: 13
            Sec-WebSocket-Protocol: ringdown.v1
            """.replace("\n", "\r\n");

    private RawHandshake() {}

    static String headers(int port, String origin, String more) {
        return exchange(
                port,
                "GET /v1/rtc HTTP/1.1\r\nHost: 127.0.0.1\r\n" + UPGRADE + "Origin: " + origin + "\r\n" + more
                        + "\r\n\r\n");
    }

    /** Sends a request and reads the head of its answer. */
    static String exchange(int port, String request) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            StringBuilder head = new StringBuilder();
            while (head.indexOf("\r\n\r\n") < 0) {
                int next = socket.getInputStream().read();
                if (next < 0) {
                    break;
                }
                head.append((char) next);
            }
            return head.toString();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
