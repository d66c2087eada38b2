package io.ringdown.sip.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringdown.sip.Secret;
import io.ringdown.sip.dialog.DigestAuthorizer;
import java.net.InetAddress;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The far end of a WebSocket, by hand: writes messages as JsSIP does, and reads what comes. */
final class TextPhone implements WebSipWire {
    static final String SDP = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n";

    private final BlockingQueue<String> received = new LinkedBlockingQueue<>();
    private final List<String> seen = new ArrayList<>();
    private final String user;
    private final String host;
    private WebSipSocket socket;
    private int branches;
    private int registers;
    volatile Optional<Integer> closedWith = Optional.empty();

    TextPhone(String user, String host) {
        this.user = user;
        this.host = host;
        this.socket = new WebSipSocket() {
            @Override
            public void onText(String message) {
                throw new IllegalStateException("not connected");
            }

            @Override
            public boolean isProved() {
                return false;
            }

            @Override
            public void onClosed() {}
        };
    }

    TextPhone connect(WebSip sip) {
        socket = sip.accept(this);
        return this;
    }

    String host() {
        return host;
    }

    boolean isProved() {
        return socket.isProved();
    }

    void cut() {
        socket.onClosed();
    }

    void raw(String text) {
        socket.onText(text);
    }

    @Override
    public void send(String message) {
        received.add(message);
    }

    @Override
    public void close(int status, String reason) {
        closedWith = Optional.of(status);
        received.add("closed " + status);
    }

    @Override
    public InetAddress from() {
        return InetAddress.ofLiteral("203.0.113.9");
    }

    @Override
    public Optional<String> origin() {
        return Optional.of("https://pages.example");
    }

    String branch() {
        return "z9hG4bK" + host.hashCode() + ++branches;
    }

    /** A request outside of dialogs; more lines end in line ends. */
    String request(String method, String to, String callId, long cseq, String more, String body) {
        return request(
                method,
                "sip:" + to + "@pbx.example",
                "<sip:" + to + "@pbx.example>",
                callId,
                cseq,
                branch(),
                more,
                body);
    }

    String request(
            String method,
            String target,
            String to,
            String callId,
            long cseq,
            String branch,
            String more,
            String body) {
        return method + " " + target + " SIP/2.0\r\n"
                + "Via: SIP/2.0/WSS " + host + ";branch=" + branch + "\r\n"
                + "Max-Forwards: 69\r\n"
                + "To: " + to + "\r\n"
                + "From: <sip:" + user + "@pbx.example>;tag=of" + callId + "\r\n"
                + "Call-ID: " + callId + "\r\n"
                + "CSeq: " + cseq + " " + method + "\r\n"
                + more
                + "Allow: INVITE,ACK,CANCEL,BYE,UPDATE,MESSAGE,OPTIONS,REFER,INFO,NOTIFY\r\n"
                + "Supported: outbound\r\n"
                + "User-Agent: JsSIP 3.13.8\r\n"
                + (body.isEmpty() ? "" : "Content-Type: application/sdp\r\n")
                + "Content-Length: " + body.length() + "\r\n\r\n" + body;
    }

    String contact() {
        return "Contact: <sip:u" + user + "@" + host + ";transport=ws;ob>\r\n";
    }

    String register(String more) {
        registers++;
        return request(
                "REGISTER",
                "sip:pbx.example",
                "<sip:" + user + "@pbx.example>",
                "reg-" + host,
                registers,
                branch(),
                "Contact: <sip:u" + user + "@" + host + ";transport=ws>;+sip.instance=\"<urn:uuid:" + host
                        + ">\";reg-id=1;expires=600\r\nExpires: 600\r\n" + more,
                "");
    }

    /** Registers with this password; gives the last answer. */
    String signIn(String password) {
        raw(register(""));
        String challenge = next("SIP/2.0 401");
        raw(register("Authorization: " + credentials(challenge, password, "REGISTER", "sip:pbx.example") + "\r\n"));
        return next("SIP/2.0 ");
    }

    String credentials(String challenge, String password, String method, String uri) {
        return new DigestAuthorizer(user, new Secret(password), Optional.empty(), new SecureRandom())
                .answer(401, headers(challenge, "WWW-Authenticate"), method, uri, new byte[0])
                .orElseThrow()
                .value();
    }

    /** The next message that begins like this; those before it are kept for {@link #seen}. */
    String next(String beginning) {
        try {
            while (true) {
                String message = received.poll(30, TimeUnit.SECONDS);
                assertThat(message)
                        .as("%s for %s after %s", beginning, user, seen)
                        .isNotNull();
                seen.add(String.valueOf(message));
                if (message != null && message.startsWith(beginning)) {
                    return message;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** All that has come and was not asked for by {@link #next}. */
    List<String> unread() {
        List<String> all = new ArrayList<>();
        received.drainTo(all);
        return all;
    }

    List<String> seen() {
        return seen;
    }

    /** Answers a request that has come. */
    void answer(String request, String status, String more, String body) {
        String to = header(request, "To");
        raw("SIP/2.0 " + status + "\r\n"
                + "Via: " + header(request, "Via") + "\r\n"
                + "To: " + to + (to.contains("tag=") ? "" : ";tag=mine" + user) + "\r\n"
                + "From: " + header(request, "From") + "\r\n"
                + "Call-ID: " + header(request, "Call-ID") + "\r\n"
                + "CSeq: " + header(request, "CSeq") + "\r\n"
                + more
                + (body.isEmpty() ? "" : "Content-Type: application/sdp\r\n")
                + "Content-Length: " + body.length() + "\r\n\r\n" + body);
    }

    static String header(String message, String name) {
        return headers(message, name).getFirst();
    }

    static List<String> headers(String message, String name) {
        List<String> values = new ArrayList<>();
        Matcher m = Pattern.compile("(?md)^" + name + ": *(.*?)\r$").matcher(message);
        while (m.find()) {
            values.add(m.group(1));
        }
        return values;
    }
}
