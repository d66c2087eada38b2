package io.ringdown.sip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.AppenderBase;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** What whole calls leave in the log, at every level. */
final class LogMaskingTest {
    private static final String[] SECRETS = {
        "12025550100", "12025550199", "4930123456", "12025550111", "Ada", "Bob", "a-secret-password", "Digest", "Signal"
    };

    private final Queue<String> lines = new ConcurrentLinkedQueue<>();
    private final Logger ours = (Logger) LoggerFactory.getLogger("io.ringdown.sip");
    private final AppenderBase<ILoggingEvent> keeper = new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
            lines.add(event.getFormattedMessage() + " " + ThrowableProxyUtil.asString(event.getThrowableProxy()));
        }
    };
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private final PrintStream out = System.out;
    private final PrintStream err = System.err;
    private Level before = Level.WARN;

    @BeforeEach
    void listen() {
        before = ours.getLevel();
        ours.setLevel(Level.TRACE);
        ours.setAdditive(false);
        keeper.setContext(ours.getLoggerContext());
        keeper.start();
        ours.addAppender(keeper);
        PrintStream kept = new PrintStream(printed, true, StandardCharsets.UTF_8);
        System.setOut(kept);
        System.setErr(kept);
    }

    @AfterEach
    void stop() {
        System.setOut(out);
        System.setErr(err);
        ours.detachAppender(keeper);
        ours.setAdditive(true);
        ours.setLevel(before);
    }

    @Test
    void challengedCallOutLeavesNeitherNumbersNorCredentials() {
        try (Sipp sipp = Sipp.uas("uas-auth-refused");
                Gateway gateway = Gateway.towards(Gateway.withPassword(sipp.port(), "a-secret-password"))) {
            Events events = new Events();
            TrunkCall call = gateway.call(events);
            events.next(TrunkEvent.Failed.class);
            assertThat(sipp.messages()).contains("12025550100", "12025550199", "Digest");
            assertLog(call.callId());
        }
    }

    @Test
    void callInLeavesNoNumbers() {
        try (Gateway gateway = Gateway.towards(Sipp.freePort());
                Sipp sipp = Sipp.uac("uac-cancel", gateway.port())) {
            Gateway.Incoming in = gateway.incoming();
            in.call().ring();
            in.events().next(TrunkEvent.Ended.class);
            sipp.assertSuccess();
            assertLog(in.call().callId());
        }
    }

    @Test
    void infoOfEveryKindLeavesNoBody() {
        try (Gateway gateway = Gateway.towards(Sipp.freePort());
                Sipp sipp = Sipp.uac("uac-info", gateway.port())) {
            Gateway.Incoming in = gateway.incoming();
            in.call().answer(Gateway.OFFER);
            in.events().until(TrunkEvent.Confirmed.class);
            for (int told = 0; told < 4; told++) {
                in.events().next(TrunkEvent.InfoReceived.class);
            }
            in.events().next(TrunkEvent.Ended.class);
            sipp.assertSuccess();
            assertThat(sipp.messages()).contains("Signal=5", "Nonsense");
            assertLog(in.call().callId());
            assertThat(lines).allSatisfy(line -> assertThat(line).doesNotContain("Nonsense", "hello", "xxxx"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"uas-info", "uas-info-auth", "uas-info-481", "uas-info-bye", "uas-info-silent"})
    void infoOfOursLeavesNoBodyWhateverBecomesOfIt(String scenario) {
        try (Sipp sipp = Sipp.uas(scenario);
                Gateway gateway = Gateway.towards(Gateway.withPassword(sipp.port(), "pass"))) {
            Events events = new Events();
            TrunkCall call = gateway.call(events);
            events.until(TrunkEvent.Answered.class);
            for (int i = 1; i <= 3; i++) {
                call.info(i, new InfoBody("application/dtmf-relay", "Signal=" + i + "\r\nDuration=160\r\n"));
            }
            assertThat(events.next(TrunkEvent.InfoAnswered.class).handle()).isEqualTo(1);
            call.hangUp(HangupReason.NORMAL);
            events.until(TrunkEvent.Ended.class);
            sipp.awaitMessage("Signal=1", 1);
            assertLog(call.callId());
        }
    }

    @Test
    void judgeThatThrowsIsReportedWithoutItsWords() {
        InfoRules broken = new InfoRules(List.of("application/dtmf-relay"), body -> {
            throw new NumberFormatException("For input string: " + body.text());
        });
        TrunkSettings peer = TrunkSettings.at(new TrunkAddress("127.0.0.1", Sipp.freePort(), SipTransport.UDP));
        try (Gateway gateway = Gateway.judging(broken, peer);
                Sipp sipp = Sipp.uac("uac-info", gateway.port())) {
            Gateway.Incoming in = gateway.incoming();
            in.call().answer(Gateway.OFFER);
            in.events().until(TrunkEvent.Confirmed.class);
            in.events().next(TrunkEvent.Ended.class);
            assertThat(gateway.counter("bugs")).isOne();
            assertThat(lines).anySatisfy(line -> assertThat(line).contains("NumberFormatException", "InfoExchange"));
            assertThat(sipp.messages()).contains("Signal=5");
            assertLog(in.call().callId());
        }
    }

    @Test
    void listenerThatThrowsIsReportedWithoutItsWords() throws SipStartException {
        TrunkSettings peer = TrunkSettings.at(new TrunkAddress("127.0.0.1", Sipp.freePort(), SipTransport.UDP));
        Events events = new Events();
        try (SipTrunks trunks = SipTrunks.start(
                        Gateway.settings(),
                        Map.of("peer", peer),
                        (_, call) -> {
                            call.answer(Gateway.OFFER);
                            return event -> {
                                events.onEvent(event);
                                if (event instanceof TrunkEvent.InfoReceived(InfoBody body)) {
                                    throw new IllegalStateException(body.text());
                                }
                            };
                        },
                        Gateway.INFO);
                Sipp sipp =
                        Sipp.uac("uac-info", trunks.boundAddresses().getFirst().getPort())) {
            events.until(TrunkEvent.Ended.class);
            sipp.assertSuccess();
            assertThat(lines).anySatisfy(line -> assertThat(line).contains("IllegalStateException", "listener"));
            assertThat(lines).allSatisfy(line -> assertThat(line).doesNotContain(SECRETS));
        }
    }

    @Test
    void bodyDoesNotShowItselfNorInWhatHoldsItNorWhenItIsRefused() {
        InfoBody body = new InfoBody("application/dtmf-relay", "Signal=5");
        assertThat(List.of(body, new TrunkEvent.InfoReceived(body), Optional.of(body))
                        .toString())
                .contains("application/dtmf-relay")
                .doesNotContain(SECRETS);
        for (String bad : List.of("Signal=5" + "5".repeat(InfoBody.MAX_BYTES), "Signal=5\u20ac")) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new InfoBody("application/dtmf-relay", bad))
                    .satisfies(e -> assertThat(e.toString()).doesNotContain(SECRETS));
        }
    }

    /** What no parser takes: bodies cut, lengths that lie, heads that are broken, each around one distinctive digit. */
    @Test
    void brokenInfoLeavesNoBody() throws IOException {
        long seed = Long.getLong("ringdown.seed", System.nanoTime());
        Random random = new Random(seed);
        try (DatagramSocket socket = new DatagramSocket(0, Sipp.LOOPBACK);
                Gateway gateway = Gateway.towards(socket.getLocalPort())) {
            String info = infoTo(gateway.port(), socket.getLocalPort());
            List<String> broken = new ArrayList<>(List.of(
                    info,
                    info.replace("Content-Length: 10", "Content-Length: 9999"),
                    info.replace("Content-Length: 10", "Content-Length: 3"),
                    info.replace("Content-Length: 10", "Content-Length: -1"),
                    info.replace("Content-Length: 10", "Content-Length: many"),
                    info.replace("Content-Type: application/dtmf-relay\r\n", ""),
                    info.replace("application/dtmf-relay", "nothing"),
                    info.replace("CSeq: 2 INFO", "CSeq: x INFO"),
                    info.replace("\r\n\r\nSignal", "\r\nSignal"),
                    info.replace("INFO sip:", "Signal=7 sip:"),
                    info.replace("Max-Forwards: 70", "Signal=7")));
            for (int i = 0; i < 2000; i++) {
                byte[] bytes = info.getBytes(StandardCharsets.ISO_8859_1);
                bytes[random.nextInt(bytes.length - 12)] ^= (byte) (1 << random.nextInt(7));
                broken.add(new String(bytes, StandardCharsets.ISO_8859_1));
            }
            int number = 0;
            for (String message : broken) {
                byte[] bytes = message.replace("z9hG4bK", "z9hG4bK" + number++).getBytes(StandardCharsets.ISO_8859_1);
                socket.send(new DatagramPacket(bytes, bytes.length, Sipp.LOOPBACK, gateway.port()));
            }
            awaitAnswer(
                    socket,
                    gateway.port(),
                    info.replace("INFO", "OPTIONS").replace(";tag=t", "").replace("z9hG4bK", "z9hG4bKoptions"));
            try (Socket tcp = new Socket(Sipp.LOOPBACK, gateway.port())) {
                String lies =
                        info.replace("SIP/2.0/UDP", "SIP/2.0/TCP").replace("Content-Length: 10", "Content-Length: 3")
                                + "\r\n\r\n";
                tcp.getOutputStream().write(lies.getBytes(StandardCharsets.ISO_8859_1));
                while (gateway.counter("connections-broken") == 0) {
                    LockSupport.parkNanos(20_000_000);
                }
            }
            assertThat(gateway.counter("bugs")).isZero();
            assertThat(gateway.counter("malformed")).isPositive();
            assertThat(lines)
                    .as("seed %d", seed)
                    .allSatisfy(line -> assertThat(line).doesNotContain(SECRETS));
            assertThat(printed.toString(StandardCharsets.UTF_8))
                    .as("seed %d", seed)
                    .doesNotContain(SECRETS);
        }
    }

    // Messages of one socket are taken in order; answers may be lost among those to all the others.
    private static void awaitAnswer(DatagramSocket socket, int target, String options) throws IOException {
        byte[] bytes = options.getBytes(StandardCharsets.ISO_8859_1);
        socket.setSoTimeout(1000);
        DatagramPacket packet = new DatagramPacket(new byte[65535], 65535);
        for (int attempt = 0; attempt < 20; attempt++) {
            socket.send(new DatagramPacket(bytes, bytes.length, Sipp.LOOPBACK, target));
            try {
                do {
                    packet.setLength(65535);
                    socket.receive(packet);
                } while (!new String(packet.getData(), 0, packet.getLength(), StandardCharsets.ISO_8859_1)
                        .contains("CSeq: 2 OPTIONS"));
                return;
            } catch (SocketTimeoutException e) {
                assertThat(attempt).as("tries to be answered").isLessThan(19);
            }
        }
    }

    private static String infoTo(int port, int ours) {
        return """
                INFO sip:127.0.0.1:%d SIP/2.0
                Via: SIP/2.0/UDP 127.0.0.1:%d;branch=z9hG4bKinfo;rport
                From: <sip:a@127.0.0.1>;tag=f
                To: <sip:b@127.0.0.1>;tag=t
                Call-ID: c@127.0.0.1
                CSeq: 2 INFO
                Max-Forwards: 70
                Content-Type: application/dtmf-relay
                Content-Length: 10

                Signal=7
                """.formatted(port, ours).replace("\n", "\r\n");
    }

    private void assertLog(String callId) {
        assertThat(printed.toString(StandardCharsets.UTF_8)).doesNotContain(SECRETS);
        assertThat(lines).anySatisfy(line -> assertThat(line).contains(callId, "…"));
        assertThat(lines).allSatisfy(line -> assertThat(line).doesNotContain(SECRETS));
    }
}
