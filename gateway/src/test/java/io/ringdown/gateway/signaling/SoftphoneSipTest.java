package io.ringdown.gateway.signaling;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringdown.dtmf.DtmfBody;
import io.ringdown.gateway.tokens.TokenVerifier;
import io.ringdown.sip.InboundInvite;
import io.ringdown.sip.InfoRules;
import io.ringdown.sip.OutboundInvite;
import io.ringdown.sip.TrunkEvent;
import io.ringdown.sip.TrunkListener;
import io.ringdown.sip.web.WebSip;
import io.ringdown.sip.web.WebSipSettings;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A phone that is a few lines of SIP, over a real socket and the real stack, and calls behind it. */
final class SoftphoneSipTest {
    private static final String DOMAIN = "example.com";
    private static final Pattern NONCE = Pattern.compile("nonce=\"([^\"]+)\"");

    private Rooms rooms;
    private Client page;
    private int cseq;

    @BeforeEach
    void start() throws Exception {
        rooms = SoftphonesTest.rooms(new TokenVerifier.Everybody());
        rooms.stack = WebSip.start(
                WebSipSettings.defaults().withDomain(DOMAIN),
                rooms.phones,
                new InfoRules(List.of(DtmfBody.DTMF_RELAY, DtmfBody.DTMF), _ -> true));
        page = new Client(rooms.web.port(), "/sip", "sip", Map.of("Origin", SoftphonesTest.PAGE));
        register();
    }

    @AfterEach
    void stop() {
        page.close();
        rooms.stack.close();
        rooms.close();
    }

    @Test
    void aPhoneRegistersCallsAndHangsUp() throws Exception {
        assertThat(rooms.phones.count()).isEqualTo(1);
        page.send(request(
                "INVITE", "sip:+493055501234@" + DOMAIN, "call", "<sip:+493055501234@" + DOMAIN + ">", "v=0 offer"));
        String progress = next("SIP/2.0 183");
        assertThat(progress).endsWith("v=0 web answer");
        Rooms.FakeTrunkCall trunk = rooms.invited();
        trunk.tell(new TrunkEvent.Progress(180, Optional.empty()));
        next("SIP/2.0 180");
        trunk.tell(new TrunkEvent.Answered(Optional.of("v=0")));
        String answer = next("SIP/2.0 200");
        assertThat(answer).endsWith("v=0 web answer");
        String to = header("To", answer);
        String contact = header("Contact", answer).replaceAll(".*<([^>]+)>.*", "$1");
        page.send(request("ACK", contact, "call", to, ""));
        page.send(request("BYE", contact, "call", to, ""));
        next("SIP/2.0 200");
        assertThat(trunk.asked()).isEqualTo("hangUp 16");
    }

    @Test
    void aCallInIsTakenByThePhoneAndEndedByTheTelephone() throws Exception {
        Rooms.FakeTrunkCall trunk = callIn();
        String invite = next("INVITE");
        assertThat(invite).endsWith("v=0 web offer");
        page.send(response(invite, "180 Ringing", ""));
        page.send(response(invite, "200 OK", "v=0 answer"));
        next("ACK");
        rooms.media.take().connect();
        assertThat(trunk.asked()).isEqualTo("ring");
        assertThat(trunk.asked()).isEqualTo("answer");
        trunk.tell(new TrunkEvent.Ended(OptionalInt.of(16), "BYE"));
        assertThat(header("Reason", next("BYE"))).contains("cause=16");
    }

    @Test
    void aPhoneThatHasNotAnsweredIsToldThatAnotherOneHas() throws Exception {
        try (Client other = new Client(rooms.web.port(), "ringdown.v1", Map.of("Origin", SoftphonesTest.PAGE))) {
            other.say("{'type':'hello','numbers':['" + SoftphonesTest.NUMBER.digits() + "']}")
                    .next("welcome");
            callIn();
            String call = other.next("incoming").path("call").asText();
            page.send(response(next("INVITE"), "180 Ringing", ""));
            other.say("{'type':'accept','call':'" + call + "','sdp':'v=0'}").next("answer");
            assertThat(header("Reason", next("CANCEL"))).startsWith("SIP;cause=200");
        }
    }

    // ---- a phone in a few lines

    private void register() throws Exception {
        String head = "REGISTER sip:" + DOMAIN + " SIP/2.0\r\n";
        page.send(head + rest("REGISTER", "register", "<sip:alice@" + DOMAIN + ">", "Expires: 600\r\n", ""));
        Matcher nonce = NONCE.matcher(next("SIP/2.0 401"));
        assertThat(nonce.find()).isTrue();
        String ha1 = md5("alice:" + DOMAIN + ":" + SoftphonesTest.ALICES);
        String ha2 = md5("REGISTER:sip:" + DOMAIN);
        String answer = md5(ha1 + ":" + nonce.group(1) + ":00000001:c:auth:" + ha2);
        String credentials =
                "Authorization: Digest algorithm=MD5, username=\"alice\", realm=\"" + DOMAIN + "\", nonce=\""
                        + nonce.group(1) + "\", uri=\"sip:" + DOMAIN + "\", response=\"" + answer
                        + "\", qop=auth, cnonce=\"c\", nc=00000001\r\n";
        page.send(head
                + rest("REGISTER", "register", "<sip:alice@" + DOMAIN + ">", "Expires: 600\r\n" + credentials, ""));
        next("SIP/2.0 200");
        // The room is told a little after the phone.
        for (int i = 0; i < 1_000 && rooms.phones.count() == 0; i++) {
            LockSupport.parkNanos(10_000_000);
        }
    }

    private String request(String method, String uri, String callId, String to, String body) {
        return method + " " + uri + " SIP/2.0\r\n" + rest(method, callId, to, "", body);
    }

    private String rest(String method, String callId, String to, String more, String body) {
        int number = method.equals("ACK") ? cseq : ++cseq;
        return "Via: SIP/2.0/WS phone.invalid;branch=z9hG4bK" + method + number + "\r\n"
                + "Max-Forwards: 70\r\n"
                + "From: <sip:alice@" + DOMAIN + ">;tag=phone\r\n"
                + "To: " + to + "\r\n"
                + "Call-ID: " + callId + "\r\n"
                + "CSeq: " + number + " " + method + "\r\n"
                + "Contact: <sip:tab@phone.invalid;transport=ws>;+sip.instance=\"<urn:uuid:1>\"\r\n"
                + more
                + (body.isEmpty() ? "" : "Content-Type: application/sdp\r\n")
                + "Content-Length: " + body.length() + "\r\n\r\n" + body;
    }

    private static String response(String request, String status, String body) {
        String to = header("To", request);
        return "SIP/2.0 " + status + "\r\n"
                + "Via: " + header("Via", request) + "\r\n"
                + "From: " + header("From", request) + "\r\n"
                + "To: " + to + ";tag=here\r\n"
                + "Call-ID: " + header("Call-ID", request) + "\r\n"
                + "CSeq: " + header("CSeq", request) + "\r\n"
                + "Contact: <sip:tab@phone.invalid;transport=ws>\r\n"
                + (body.isEmpty() ? "" : "Content-Type: application/sdp\r\n")
                + "Content-Length: " + body.length() + "\r\n\r\n" + body;
    }

    /** The next message that begins so; what hops say to each other is passed over. */
    private String next(String beginning) throws InterruptedException {
        String text = page.text();
        while (text.startsWith("SIP/2.0 100")) {
            text = page.text();
        }
        assertThat(text).startsWith(beginning);
        return text;
    }

    private static String header(String name, String message) {
        return message.lines()
                .filter(line -> line.regionMatches(true, 0, name + ":", 0, name.length() + 1))
                .map(line -> line.substring(name.length() + 1).strip())
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + name + " in " + message));
    }

    private static String md5(String text) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(text.getBytes(StandardCharsets.UTF_8)));
    }

    private Rooms.FakeTrunkCall callIn() {
        CompletableFuture<TrunkListener> listener = new CompletableFuture<>();
        Rooms.FakeTrunkCall trunk = new Rooms.FakeTrunkCall(
                new OutboundInvite("", "", Optional.empty(), Optional.empty(), ""),
                event -> listener.join().onEvent(event));
        listener.complete(rooms.calls.onInvite(
                new InboundInvite(
                        "carrier",
                        SoftphonesTest.NUMBER.digits(),
                        Optional.of("+4917012345"),
                        Optional.empty(),
                        Optional.of("v=0")),
                trunk));
        return trunk;
    }
}
