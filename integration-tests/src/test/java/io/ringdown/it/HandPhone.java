package io.ringdown.it;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A SIP phone on a WebSocket (RFC 7118), written by hand: it registers as JsSIP does, by digest with MD5, and reads what comes. */
final class HandPhone implements AutoCloseable, WebSocket.Listener {
    private static final String REALM = "ringdown";
    private static final Pattern NONCE = Pattern.compile("nonce=\"([^\"]+)\",algorithm=MD5");

    private final String user;
    private final String host;
    private final WebSocket socket;
    private final BlockingQueue<String> received = new LinkedBlockingQueue<>();
    private final StringBuilder part = new StringBuilder();
    private int requests;

    /** As this user, at a page of this origin; {@code number} tells phones apart. */
    HandPhone(HttpClient http, Gateway gateway, String origin, String user, int number) {
        this.user = user;
        this.host = "phone" + number + ".invalid";
        URI uri = URI.create(gateway.uri("/sip").toString().replaceFirst("http", "ws"));
        socket = http.newWebSocketBuilder()
                .header("Origin", origin)
                .subprotocols("sip")
                .buildAsync(uri, this)
                .join();
    }

    /** Registers for so many seconds, asked for the password if it is not known yet; gives the status. */
    int register(String password, int expires) {
        say(registration("", expires));
        String answer = answer();
        if (status(answer) != 401) {
            return status(answer);
        }
        Matcher nonce = NONCE.matcher(answer);
        if (!nonce.find()) {
            throw new AssertionError("no challenge for MD5: " + answer);
        }
        say(registration(authorization(nonce.group(1), password), expires));
        return status(answer());
    }

    private String registration(String more, int expires) {
        requests++;
        return "REGISTER sip:" + REALM + " SIP/2.0\r\n"
                + "Via: SIP/2.0/WS " + host + ";branch=z9hG4bK" + host.hashCode() + "x" + requests + "\r\n"
                + "Max-Forwards: 69\r\n"
                + "To: <sip:" + user + "@" + REALM + ">\r\n"
                + "From: <sip:" + user + "@" + REALM + ">;tag=" + user + "\r\n"
                + "Call-ID: registration-of-" + host + "\r\n"
                + "CSeq: " + requests + " REGISTER\r\n"
                + "Contact: <sip:" + user + "@" + host + ";transport=ws>;+sip.instance=\"<urn:uuid:" + host
                + ">\";reg-id=1;expires=" + expires + "\r\n"
                + "Expires: " + expires + "\r\n"
                + "Supported: path, outbound\r\n"
                + more
                + "Content-Length: 0\r\n\r\n";
    }

    private String authorization(String nonce, String password) {
        String uri = "sip:" + REALM;
        String response = md5(
                md5(user + ":" + REALM + ":" + password) + ":" + nonce + ":00000001:c:auth:" + md5("REGISTER:" + uri));
        return "Authorization: Digest username=\"" + user + "\",realm=\"" + REALM + "\",nonce=\"" + nonce
                + "\",uri=\"" + uri + "\",algorithm=MD5,qop=auth,nc=00000001,cnonce=\"c\",response=\"" + response
                + "\"\r\n";
    }

    private static String md5(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("MD5").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("every JDK has MD5", impossible);
        }
    }

    private String answer() {
        return next("SIP/2.0 ");
    }

    /** The next message that begins like this; those before it are dropped. */
    String next(String beginning) {
        try {
            while (true) {
                String message = received.poll(20, TimeUnit.SECONDS);
                if (message == null) {
                    throw new AssertionError("no " + beginning + " came to " + user + " within 20 s");
                }
                if (message.startsWith(beginning)) {
                    return message;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    private static int status(String answer) {
        return Integer.parseInt(answer.substring(8, 11));
    }

    void say(String message) {
        socket.sendText(message, true).join();
    }

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence text, boolean isLast) {
        part.append(text);
        if (isLast) {
            received.add(part.toString());
            part.setLength(0);
        }
        from.request(1);
        return null;
    }

    @Override
    public void close() {
        socket.abort();
    }
}
