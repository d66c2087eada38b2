package io.ringdown.sip;

import static io.ringdown.evidence.Row.TRACE;
import static org.assertj.core.api.Assertions.assertThat;

import io.ringdown.evidence.Peer;
import io.ringdown.evidence.Peers;
import io.ringdown.evidence.Shows;
import io.ringdown.sip.trace.TracePcap;
import io.ringdown.sip.trace.TraceSettings;
import io.ringdown.sip.trace.TracedMessage;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What we give away of a call is read by Kamailio and Wireshark as we mean it, and its secrets are in none of it. */
@Shows(TRACE)
final class TraceReadersTest {
    private static final String KEY = "d0RmdmcmVCspeEc3QGZiNWpVLFJhQX1cfHAwJSoj";
    private static final String OFFER = Gateway.OFFER + "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:" + KEY + "\r\n";
    private static final String CREDENTIALS = "response=\"[0-9a-f]{32}\"";

    @TempDir
    Path folder;

    private record Call(String callId, List<TracedMessage> messages) {}

    /** A call that is challenged, answered and ended, with a key in its offer; as it was kept. */
    private static Call call(TraceSettings trace, SipTransport transport, String sippTransport) {
        try (Sipp sipp = Sipp.uas("uas-auth-md5", "-t", sippTransport);
                Gateway gateway = Gateway.with(
                        Gateway.settings().withTrace(trace),
                        TrunkSettings.at(new TrunkAddress("127.0.0.1", sipp.port(), transport))
                                .withCredentials("user", new Secret("pass"), Optional.of("ringdown.test")))) {
            Events events = new Events();
            TrunkCall call = gateway.call("peer", events, OFFER);
            events.until(TrunkEvent.Answered.class);
            call.hangUp(HangupReason.NORMAL);
            events.next(TrunkEvent.Ended.class);
            sipp.assertSuccess();
            assertThat(sipp.messages())
                    .as("there is something to hide")
                    .contains(KEY)
                    .containsPattern(CREDENTIALS);
            LocatedTrunkSippTest.await(() -> {
                List<TracedMessage> kept = gateway.trunks().trace().ofCall(call.callId());
                return kept.getLast().firstLine().equals("SIP/2.0 200 OK");
            });
            return new Call(call.callId(), gateway.trunks().trace().ofCall(call.callId()));
        }
    }

    private static String what(TracedMessage message) {
        String[] words = message.firstLine().split(" ", 3);
        return words[0].equals("SIP/2.0") ? words[1] : words[0];
    }

    private static String at(InetSocketAddress address) {
        return address.getAddress().getHostAddress() + ":" + address.getPort();
    }

    private static void assertHidden(String read) {
        assertThat(read).contains("a=crypto:").doesNotContain(KEY).doesNotContainPattern(CREDENTIALS);
    }

    @ParameterizedTest
    @CsvSource({"UDP, u1, 1", "TCP, t1, 2"})
    void kamailioReadsEachMessageOutOfHepWithItsAddressesAndItsCall(
            SipTransport transport, String sippTransport, String protocol) {
        try (Kamailio collector = Kamailio.collector()) {
            TraceSettings kept = TraceSettings.defaults();
            Call call = call(
                    new TraceSettings(
                            kept.calls(),
                            kept.messagesPerCall(),
                            kept.messagesPerTrunk(),
                            Optional.of(HostPort.parse("127.0.0.1:" + collector.port())),
                            77,
                            Optional.of(new Secret("hep-key"))),
                    transport,
                    sippTransport);
            List<CapturedMessage> captured = collector.captured(call.messages().size());
            // What is sent again is captured again.
            assertThat(captured)
                    .extracting(
                            CapturedMessage::what,
                            CapturedMessage::callId,
                            CapturedMessage::correlationId,
                            CapturedMessage::from,
                            CapturedMessage::to)
                    .hasSameElementsAs(call.messages().stream()
                            .map(message -> Tuple.tuple(
                                    what(message), call.callId(), call.callId(), at(message.from()), at(message.to())))
                            .toList());
            assertThat(captured).allSatisfy(message -> {
                assertThat(message.protocol()).isEqualTo(protocol);
                assertThat(message.node()).endsWith(":77");
            });
            assertThat(captured.stream().map(CapturedMessage::message))
                    .hasSameElementsAs(
                            call.messages().stream().map(TracedMessage::text).toList());
            assertHidden(String.join(
                    "", captured.stream().map(CapturedMessage::message).toList()));
        }
    }

    @Test
    void wiresharkReadsEachMessageOutOfTheCaptureFileAndFindsNothingMalformed() throws IOException {
        Call call = call(TraceSettings.defaults(), SipTransport.UDP, "u1");
        Path file = folder.resolve("call.pcap");
        byte[] pcap = TracePcap.of(call.messages());
        Files.write(file, pcap);
        int port = call.messages().getFirst().to().getPort();
        assertThat(tshark(file, port, "", "sip.Method", "sip.Status-Code", "sip.Call-ID", "sip.CSeq.method"))
                .containsExactlyElementsOf(call.messages().stream()
                        .map(message -> {
                            String what = what(message);
                            boolean response = message.firstLine().startsWith("SIP/2.0");
                            String cseq = message.text()
                                    .lines()
                                    .filter(line -> line.startsWith("CSeq: "))
                                    .findFirst()
                                    .orElseThrow()
                                    .replaceFirst(".* ", "");
                            return (response ? "|" + what : what + "|") + "|" + call.callId() + "|" + cseq;
                        })
                        .toList());
        assertThat(tshark(file, port, "_ws.malformed", "frame.number")).isEmpty();
        assertHidden(new String(pcap, StandardCharsets.UTF_8));
    }

    private List<String> tshark(Path file, int sipPort, String filter, String... fields) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                "tshark",
                "-r",
                file.toString(),
                "-d",
                "udp.port==" + sipPort + ",sip",
                "-T",
                "fields",
                "-E",
                "separator=|"));
        if (!filter.isEmpty()) {
            command.addAll(List.of("-Y", filter));
        }
        for (String field : fields) {
            command.addAll(List.of("-e", field));
        }
        Path said = folder.resolve("tshark.log");
        Process process =
                new ProcessBuilder(command).redirectError(said.toFile()).start();
        Peers.met(Peer.TSHARK);
        String read = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            assertThat(process.waitFor()).as(Files.readString(said)).isZero();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        return read.lines().toList();
    }
}
