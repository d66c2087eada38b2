package io.ringdown.sip;

import static io.ringdown.evidence.Row.TRACE;
import static org.assertj.core.api.Assertions.assertThat;

import io.ringdown.evidence.Shows;
import io.ringdown.sip.trace.TraceSettings;
import io.ringdown.sip.trace.TraceText;
import io.ringdown.sip.trace.TracedMessage;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is kept of calls on the real stack, with SIPp as the trunk. */
@Shows(TRACE)
final class TraceSippTest {

    private static List<String> ladder(Gateway gateway, String call) {
        return gateway.trunks().trace().ofCall(call).stream()
                .map(message ->
                        (message.sent() ? "> " : "< ") + message.firstLine().replaceAll(" sip:.*", ""))
                .toList();
    }

    /** The call is over for us as soon as the BYE has left. */
    private static void awaitAnswerToBye(Gateway gateway, String call) {
        awaitAnswered(gateway, call, "> BYE", "< SIP/2.0 200 OK");
    }

    // What is kept comes later than what was sent, and an answer to INVITE may be sent twice.
    private static void awaitAnswered(Gateway gateway, String call, String request, String answer) {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (!isAnswered(ladder(gateway, call), request, answer) && System.nanoTime() < until) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        }
    }

    private static boolean isAnswered(List<String> ladder, String request, String answer) {
        int asked = ladder.indexOf(request);
        return asked >= 0 && ladder.lastIndexOf(answer) > asked;
    }

    @ParameterizedTest
    @CsvSource({"UDP, u1", "TCP, t1"})
    void everyMessageOfACallIsKeptInOrder(SipTransport transport, String sippTransport) {
        try (Sipp sipp = Sipp.uas("uas-answer", "-t", sippTransport);
                Gateway gateway =
                        Gateway.towards(TrunkSettings.at(new TrunkAddress("127.0.0.1", sipp.port(), transport)))) {
            Events events = new Events();
            TrunkCall call = gateway.call(events);
            call.knownAs("0f0f");
            events.until(TrunkEvent.Answered.class);
            call.hangUp(HangupReason.NORMAL);
            events.next(TrunkEvent.Ended.class);
            sipp.assertSuccess();
            awaitAnswerToBye(gateway, call.callId());
            assertThat(ladder(gateway, call.callId()))
                    .containsSubsequence(
                            "> INVITE",
                            "< SIP/2.0 180 Ringing",
                            "< SIP/2.0 200 OK",
                            "> ACK",
                            "> BYE",
                            "< SIP/2.0 200 OK");
            assertThat(gateway.trunks().trace().ofCall("0f0f"))
                    .isEqualTo(gateway.trunks().trace().ofCall(call.callId()));
            TracedMessage invite = gateway.trunks().trace().ofCall("0f0f").getFirst();
            assertThat(invite.transport()).isEqualTo(transport);
            assertThat(invite.to().getPort()).isEqualTo(sipp.port());
            assertThat(invite.trunk()).hasValue("peer");
            assertThat(invite.text()).contains("m=audio");
            assertThat(gateway.trunks().trace().ofTrunk("peer")).contains(invite);
            assertThat(gateway.counter("not-traced")).isZero();
        }
    }

    @ParameterizedTest
    @CsvSource({"u1", "t1"})
    void everyMessageOfACallInIsKeptOnce(String sippTransport) {
        try (Gateway gateway = Gateway.towards(Sipp.freePort());
                Sipp sipp = Sipp.uac("uac-answer", gateway.port(), "-t", sippTransport, "-nr")) { // nothing comes twice
            Gateway.Incoming in = gateway.incoming();
            in.call().ring();
            in.call().progress(Gateway.OFFER);
            in.call().answer(Gateway.OFFER);
            in.events().until(TrunkEvent.Ended.class);
            sipp.assertSuccess();
            String call = in.call().callId();
            awaitAnswered(gateway, call, "< BYE", "> SIP/2.0 200 OK");
            assertThat(ladder(gateway, call))
                    .containsSubsequence("< INVITE", "> SIP/2.0 200 OK", "< ACK", "< BYE", "> SIP/2.0 200 OK")
                    .containsOnlyOnce("< INVITE", "< ACK", "< BYE");
        }
    }

    @Test
    void credentialsAreNotKept() {
        try (Sipp sipp = Sipp.uas("uas-auth-md5");
                Gateway gateway = Gateway.towards(Gateway.withPassword(sipp.port(), "pass"))) {
            Events events = new Events();
            TrunkCall call = gateway.call(events);
            events.until(TrunkEvent.Answered.class);
            call.hangUp(HangupReason.NORMAL);
            events.next(TrunkEvent.Ended.class);
            sipp.assertSuccess();
            String text = TraceText.of(gateway.trunks().trace().ofCall(call.callId()), 0);
            assertThat(sipp.messages()).containsPattern("response=\"[0-9a-f]{32}\"");
            assertThat(text).contains("response=\"[left out]\"").doesNotContainPattern("response=\"[0-9a-f]{32}\"");
        }
    }

    @Test
    void digitsOfInfoAreNotKept() {
        try (Gateway gateway = Gateway.towards(Sipp.freePort());
                Sipp sipp = Sipp.uac("uac-info-again", gateway.port())) {
            Gateway.Incoming in = gateway.incoming();
            in.call().answer(Gateway.OFFER);
            in.events().until(TrunkEvent.Ended.class);
            sipp.assertSuccess();
            String text = TraceText.of(gateway.trunks().trace().ofCall(in.call().callId()), 0);
            assertThat(sipp.messages()).contains("Signal=9");
            assertThat(text).contains("INFO sip:", "of the body left out").doesNotContain("Signal");
        }
    }

    @Test
    void aCollectorGetsEveryMessageByHep() throws IOException {
        try (DatagramSocket collector = new DatagramSocket(0, Sipp.LOOPBACK);
                Sipp sipp = Sipp.uas("uas-answer")) {
            TraceSettings kept = new TraceSettings(
                    0,
                    2,
                    0,
                    Optional.of(HostPort.parse("127.0.0.1:" + collector.getLocalPort())),
                    77,
                    Optional.of(new Secret("hep-key")));
            try (Gateway gateway = Gateway.with(
                    Gateway.settings().withTrace(kept),
                    TrunkSettings.at(new TrunkAddress("127.0.0.1", sipp.port(), SipTransport.UDP)))) {
                Events events = new Events();
                TrunkCall call = gateway.call(events);
                events.until(TrunkEvent.Answered.class);
                call.hangUp(HangupReason.NORMAL);
                events.next(TrunkEvent.Ended.class);
                collector.setSoTimeout(20_000);
                String all = "";
                while (!all.contains("BYE sip:")) {
                    DatagramPacket packet = new DatagramPacket(new byte[65_536], 65_536);
                    collector.receive(packet);
                    String text = new String(packet.getData(), 0, packet.getLength(), StandardCharsets.ISO_8859_1);
                    assertThat(text).startsWith("HEP3").contains("hep-key", call.callId());
                    all += text;
                }
                assertThat(all).contains("INVITE sip:", "SIP/2.0 200 OK");
            }
        }
    }
}
