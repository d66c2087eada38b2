package io.ringdown.sip;

import static io.ringdown.evidence.Row.TRANSPORTS;
import static org.assertj.core.api.Assertions.assertThat;

import io.ringdown.evidence.Shows;
import java.io.IOException;
import java.io.InputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which way a message goes: IPv6, TCP for what is large, ways kept open. */
@Shows(TRANSPORTS)
final class StreamsTest {
    private static final InetAddress V6 = InetAddress.ofLiteral("::1");

    private static SipSettings settings(KeepAliveSettings keepAlive) {
        SipSettings usual = Gateway.settings();
        ListenAddress six = new ListenAddress(V6, 0, Set.of(SipTransport.UDP, SipTransport.TCP), Optional.empty());
        return usual.withListen(List.of(usual.listen().getFirst(), six)).withKeepAlive(keepAlive);
    }

    private static Gateway gateway(TrunkSettings trunk) {
        return Gateway.with(settings(KeepAliveSettings.defaults()), trunk);
    }

    @ParameterizedTest
    @CsvSource({"udp, u1", "tcp, t1"})
    void callGoesOutByIpv6(String transport, String sippTransport) {
        try (Sipp sipp = Sipp.uasAt("::1", "uas-answer-v6", "-t", sippTransport);
                Gateway gateway = gateway(
                        TrunkSettings.at(TrunkAddress.parse("[::1]:" + sipp.port() + ";transport=" + transport)))) {
            Events events = new Events();
            TrunkCall call = gateway.call(events);
            events.until(TrunkEvent.Answered.class);
            call.hangUp(HangupReason.NORMAL);
            events.next(TrunkEvent.Ended.class);
            sipp.assertSuccess();
        }
    }

    @ParameterizedTest
    @CsvSource({"udp, u1", "tcp, t1"})
    void callComesInByIpv6(String transport, String sippTransport) {
        try (Gateway gateway = gateway(
                        TrunkSettings.at(TrunkAddress.parse("[::1]:" + Sipp.freePort() + ";transport=" + transport)));
                Sipp sipp = Sipp.uacTo(
                        "::1",
                        "[::1]:" + gateway.trunks().boundAddresses().get(1).getPort(),
                        "uac-bye-by-us",
                        "-t",
                        sippTransport)) {
            Gateway.Incoming in = gateway.incoming();
            in.call().answer(Gateway.OFFER);
            in.events().next(TrunkEvent.Confirmed.class);
            in.call().hangUp(HangupReason.NORMAL);
            in.events().next(TrunkEvent.Ended.class);
            sipp.assertSuccess();
        }
    }

    @ParameterizedTest
    @CsvSource({"udp, u1", "tcp, t1"})
    void wildcardAddressSaysWhatItAdvertises(String transport, String sippTransport) {
        SipSettings usual = Gateway.settings();
        ListenAddress everywhere = new ListenAddress(
                InetAddress.ofLiteral("0.0.0.0"),
                0,
                Set.of(SipTransport.UDP, SipTransport.TCP),
                Optional.of(HostPort.parse("127.0.0.1")));
        SipSettings settings = usual.withListen(List.of(everywhere));
        try (Sipp sipp = Sipp.uas("uas-answer", "-t", sippTransport);
                Gateway gateway = Gateway.with(
                        settings,
                        TrunkSettings.at(TrunkAddress.parse("127.0.0.1:" + sipp.port() + ";transport=" + transport)))) {
            Events events = new Events();
            TrunkCall call = gateway.call(events);
            events.until(TrunkEvent.Answered.class);
            call.hangUp(HangupReason.NORMAL);
            events.next(TrunkEvent.Ended.class);
            sipp.assertSuccess();
        }
    }

    @Test
    void largeRequestGoesByTcpAndItsDialogStaysOnUdp() {
        int port = Sipp.freePort();
        TrunkSettings trunk = TrunkSettings.at(new TrunkAddress("127.0.0.1", port, SipTransport.UDP))
                .withTcpAbove(500);
        try (Sipp sipp = Sipp.uasOn(port, "uas-503", "-t", "t1");
                Gateway gateway = gateway(trunk)) {
            Events events = new Events();
            gateway.call(events);
            events.until(TrunkEvent.Failed.class);
            sipp.assertSuccess();
            assertThat(sipp.messages())
                    .contains("Via: SIP/2.0/TCP", "INVITE sip:")
                    .doesNotContain(";transport=tcp");
        }
    }

    @Test
    void whereTcpIsRefusedLargeRequestGoesByUdp() {
        int port = Sipp.freePort();
        TrunkSettings trunk = TrunkSettings.at(new TrunkAddress("127.0.0.1", port, SipTransport.UDP))
                .withTcpAbove(500);
        try (Sipp sipp = Sipp.uasOn(port, "uas-answer");
                Gateway gateway = gateway(trunk)) {
            Events events = new Events();
            TrunkCall call = gateway.call(events);
            events.until(TrunkEvent.Answered.class);
            call.hangUp(HangupReason.NORMAL);
            events.next(TrunkEvent.Ended.class);
            sipp.assertSuccess();
        }
    }

    @Test
    void twoLineEndsAreAnsweredByOne() throws IOException {
        try (Gateway gateway = Gateway.towards(Sipp.freePort());
                Socket peer = new Socket(Sipp.LOOPBACK, gateway.port())) {
            peer.setSoTimeout(30_000);
            peer.getOutputStream().write("\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(peer.getInputStream().readNBytes(2)).containsExactly('\r', '\n');
        }
    }

    @Test
    void peerThatNoLongerAnswersIsDroppedAndItsCallersGetANewConnection() throws IOException {
        KeepAliveSettings often = new KeepAliveSettings(Duration.ofSeconds(1), Duration.ZERO);
        try (ServerSocket carrier = new ServerSocket(0, 5, Sipp.LOOPBACK);
                Gateway gateway = Gateway.with(
                        settings(often),
                        TrunkSettings.at(new TrunkAddress("127.0.0.1", carrier.getLocalPort(), SipTransport.TCP)))) {
            carrier.setSoTimeout(30_000);
            gateway.call(new Events());
            try (Socket first = carrier.accept()) {
                first.setSoTimeout(30_000);
                awaitQuestion(first.getInputStream());
                first.getOutputStream().write("\r\n".getBytes(StandardCharsets.US_ASCII));
                while (first.getInputStream().read() >= 0) {
                    // the next question, which stays unanswered
                }
            }
            assertThat(gateway.counter("connections-dead")).isOne();
            gateway.call(new Events());
            try (Socket second = carrier.accept()) {
                assertThat(second.getInputStream().read()).isEqualTo('I');
            }
        }
    }

    private static void awaitQuestion(InputStream in) throws IOException {
        StringBuilder last = new StringBuilder();
        for (int next = in.read(); next >= 0; next = in.read()) {
            last.append((char) next);
            // After an INVITE's body, which ends with one line end of its own.
            if (last.toString().endsWith("8000\r\n\r\n\r\n")) {
                return;
            }
        }
        throw new AssertionError("closed after " + last);
    }

    @Test
    void wayToAUdpTrunkIsKeptOpen() throws IOException, SipStartException {
        KeepAliveSettings often = new KeepAliveSettings(Duration.ZERO, Duration.ofSeconds(1));
        try (DatagramSocket carrier = new DatagramSocket(0, Sipp.LOOPBACK)) {
            carrier.setSoTimeout(30_000);
            TrunkSettings trunk =
                    TrunkSettings.at(new TrunkAddress("127.0.0.1", carrier.getLocalPort(), SipTransport.UDP));
            try (SipTrunks trunks = SipTrunks.start(settings(often), Map.of("peer", trunk), (_, _) -> _ -> {})) {
                DatagramPacket packet = new DatagramPacket(new byte[100], 100);
                carrier.receive(packet);
                assertThat(packet.getLength()).isEqualTo(4);
                assertThat(packet.getPort())
                        .isEqualTo(trunks.boundAddresses().getFirst().getPort());
            }
        }
    }

    @Test
    void peerThatDoesNotReadLosesItsConnectionAndHoldsNobodyUp() throws IOException {
        SipSettings usual = Gateway.settings();
        SipSettings unlimited = usual.withPerSource(10_000_000, 4);
        TrunkSettings trunk = TrunkSettings.at(new TrunkAddress("127.0.0.1", Sipp.freePort(), SipTransport.UDP));
        try (Gateway gateway = Gateway.with(unlimited, trunk);
                Socket deaf = new Socket(Sipp.LOOPBACK, gateway.port())) {
            byte[] options =
                    """
                    OPTIONS sip:127.0.0.1 SIP/2.0
                    Via: SIP/2.0/TCP 127.0.0.1:9;branch=z9hG4bK-0-%s;rport
                    From: <sip:a@127.0.0.1>;tag=f
                    To: <sip:127.0.0.1>
                    Call-ID: c@127.0.0.1
                    CSeq: 1 OPTIONS
                    Max-Forwards: 70
                    Content-Length: 0

                    """.formatted("x".repeat(2000)).replace("\n", "\r\n").getBytes(StandardCharsets.US_ASCII);
            long sent = 0;
            while (sent < 64L << 20) {
                try {
                    deaf.getOutputStream().write(options);
                    sent += options.length;
                } catch (IOException closed) {
                    break;
                }
            }
            assertThat(sent).isLessThan(64L << 20);
            while (gateway.counter("connections-broken") == 0) {
                LockSupport.parkNanos(20_000_000);
            }
            assertThat(gateway.counter("dropped-rate")).isZero();
            assertThat(gateway.counter("bugs")).isZero();
        }
    }
}
