package io.ringdown.sip;

import static io.ringdown.evidence.Row.EARLY_MEDIA_AND_FORKS;
import static io.ringdown.evidence.Row.FINDING_THE_CARRIER;
import static io.ringdown.evidence.Row.IDENTITY;
import static io.ringdown.evidence.Row.IN_THE_CALL;
import static io.ringdown.evidence.Row.ROUTING;
import static io.ringdown.evidence.Row.TRANSPORTS;
import static org.assertj.core.api.Assertions.assertThat;

import io.ringdown.evidence.Shows;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Calls out on the real stack, with SIPp as the trunk. */
final class OutboundSippTest {

    private static TrunkSettings trunk(int port, Optional<String> realm, Duration silentAfter) {
        return TrunkSettings.at(new TrunkAddress("127.0.0.1", port, SipTransport.UDP))
                .withCredentials("user", new Secret("pass"), realm)
                .withSilentAfter(silentAfter);
    }

    private static TrunkSettings impatient(int port) {
        return trunk(port, Optional.empty(), Duration.ofSeconds(1));
    }

    private static TrunkSettings withPassword(int port) {
        return trunk(port, Optional.of("ringdown.test"), Duration.ofSeconds(4));
    }

    @ParameterizedTest
    @CsvSource({"UDP, u1", "TCP, t1"})
    @Shows(TRANSPORTS)
    void callIsAnsweredAcknowledgedAndEndedByUs(SipTransport transport, String sippTransport) {
        try (Sipp sipp = Sipp.uas("uas-answer", "-t", sippTransport);
                Gateway gateway =
                        Gateway.towards(TrunkSettings.at(new TrunkAddress("127.0.0.1", sipp.port(), transport)))) {
            Events events = new Events();
            TrunkCall call = gateway.call(events);
            events.next(TrunkEvent.Trying.class);
            assertThat(events.next(TrunkEvent.Progress.class))
                    .isEqualTo(new TrunkEvent.Progress(180, Optional.empty()));
            assertThat(events.next(TrunkEvent.Answered.class).sdp())
                    .hasValueSatisfying(sdp -> assertThat(sdp).contains("m=audio"));
            call.hangUp(HangupReason.NORMAL);
            events.next(TrunkEvent.Ended.class);
            sipp.assertSuccess();
            events.assertNothingMore();
        }
    }

    @Test
    @Shows(EARLY_MEDIA_AND_FORKS)
    void earlyMediaIsToldWithItsSdp() {
        try (Sipp sipp = Sipp.uas("uas-early");
                Gateway gateway = Gateway.towards(sipp.port())) {
            Events events = new Events();
            TrunkCall call = gateway.call(events);
            events.next(TrunkEvent.Trying.class);
            TrunkEvent.Progress early = events.next(TrunkEvent.Progress.class);
            assertThat(early.status()).isEqualTo(183);
            assertThat(early.sdp()).isPresent();
            assertThat(events.next(TrunkEvent.Progress.class).status()).isEqualTo(180);
            events.next(TrunkEvent.Answered.class);
            call.hangUp(HangupReason.NORMAL);
            sipp.assertSuccess();
        }
    }

    @ParameterizedTest
    @CsvSource({"486, 17", "503,", "404, 1", "302,"})
    void refusalIsToldWithStatusAndCauseAndNeverFollowed(int status, Integer q850) {
        try (Sipp sipp = Sipp.uas("uas-" + status);
                Gateway gateway = Gateway.towards(sipp.port())) {
            Events events = new Events();
            gateway.call(events);
            events.next(TrunkEvent.Trying.class);
            assertThat(events.next(TrunkEvent.Failed.class).failure())
                    .isInstanceOfSatisfying(TrunkFailure.Refused.class, refused -> {
                        assertThat(refused.status()).isEqualTo(status);
                        assertThat(refused.q850()).isEqualTo(q850 == null ? OptionalInt.empty() : OptionalInt.of(q850));
                    });
            sipp.assertSuccess();
        }
    }

    @Test
    @Shows(ROUTING)
    void aCallRefusedByOverloadIsToldOnceAndNeverCounts() {
        SipSettings one = Gateway.settings().withMaxCalls(1);
        try (Sipp sipp = Sipp.uas("uas-answer");
                Gateway gateway = Gateway.with(
                        one, TrunkSettings.at(new TrunkAddress("127.0.0.1", sipp.port(), SipTransport.UDP)))) {
            Events first = new Events();
            TrunkCall counted = gateway.call(first);
            Events second = new Events();
            TrunkCall refused = gateway.call(second);
            assertThat(second.next(TrunkEvent.Failed.class).failure()).isInstanceOf(TrunkFailure.Unreachable.class);
            refused.hangUp(HangupReason.NORMAL);
            refused.reoffer(Gateway.OFFER);
            first.until(TrunkEvent.Answered.class);
            assertThat(gateway.trunks().debugState()).containsEntry("active-calls", 1);
            counted.hangUp(HangupReason.NORMAL);
            first.next(TrunkEvent.Ended.class);
            sipp.assertSuccess();
            second.assertNothingMore();
            assertThat(gateway.trunks().debugState()).containsEntry("active-calls", 0);
        }
    }

    @Test
    @Shows(IN_THE_CALL)
    void trunkHangsUp() {
        try (Sipp sipp = Sipp.uas("uas-bye");
                Gateway gateway = Gateway.towards(sipp.port())) {
            Events events = new Events();
            gateway.call(events);
            events.until(TrunkEvent.Answered.class);
            assertThat(events.next(TrunkEvent.Ended.class).q850()).hasValue(31);
            sipp.assertSuccess();
        }
    }

    @ParameterizedTest
    @CsvSource({"md5", "sha-256"})
    @Shows(IDENTITY)
    void challengeIsAnsweredOnceAndItsNonceUsedOn(String algorithm) {
        try (Sipp sipp = Sipp.uas("uas-auth-" + algorithm);
                Gateway gateway = Gateway.towards(withPassword(sipp.port()))) {
            Events events = new Events();
            TrunkCall call = gateway.call(events);
            events.until(TrunkEvent.Answered.class);
            call.hangUp(HangupReason.NORMAL);
            sipp.assertSuccess();
        }
    }

    @ParameterizedTest
    @CsvSource({"uas-auth-refused", "uas-auth-foreign"})
    @Shows(IDENTITY)
    void credentialsThatAreNotTakenOrNotAskedForByTheRealmEndTheCall(String scenario) {
        try (Sipp sipp = Sipp.uas(scenario);
                Gateway gateway = Gateway.towards(withPassword(sipp.port()))) {
            Events events = new Events();
            gateway.call(events);
            assertThat(events.next(TrunkEvent.Failed.class).failure()).isEqualTo(new TrunkFailure.Unauthorized(401));
            sipp.assertSuccess();
            assertThat(sipp.messages().contains("Authorization: Digest")).isEqualTo(scenario.endsWith("refused"));
        }
    }

    @Test
    @Shows(EARLY_MEDIA_AND_FORKS)
    void secondForkThatAnswersIsAcknowledgedAndEnded() {
        try (Sipp sipp = Sipp.uas("uas-forks");
                Gateway gateway = Gateway.towards(sipp.port())) {
            Events events = new Events();
            TrunkCall call = gateway.call(events);
            events.until(TrunkEvent.Answered.class);
            // The scenario wants the second fork's BYE before ours.
            sipp.awaitMessage("cause=26", 1);
            call.hangUp(HangupReason.NORMAL);
            sipp.assertSuccess();
            events.next(TrunkEvent.Ended.class);
            events.assertNothingMore();
        }
    }

    @Test
    @Shows(IN_THE_CALL)
    void hangUpWhileItRingsCancels() {
        try (Sipp sipp = Sipp.uas("uas-cancel");
                Gateway gateway = Gateway.towards(sipp.port())) {
            Events events = new Events();
            TrunkCall call = gateway.call(events);
            events.until(TrunkEvent.Progress.class);
            call.hangUp(HangupReason.NORMAL);
            assertThat(events.next(TrunkEvent.Failed.class).failure()).isEqualTo(new TrunkFailure.Cancelled());
            sipp.assertSuccess();
        }
    }

    @Test
    @Shows(IN_THE_CALL)
    void hangUpBeforeAnythingWasHeardCancelsOnlyWhenSomethingIs() {
        try (Sipp sipp = Sipp.uas("uas-cancel-late");
                Gateway gateway = Gateway.towards(sipp.port())) {
            Events events = new Events();
            TrunkCall call = gateway.call(events);
            call.hangUp(HangupReason.NORMAL);
            assertThat(events.next(TrunkEvent.Failed.class).failure()).isEqualTo(new TrunkFailure.Cancelled());
            sipp.assertSuccess();
            events.assertNothingMore();
        }
    }

    @Test
    @Shows(IN_THE_CALL)
    void answerThatCrossesTheCancelIsAcknowledgedAndEnded() {
        try (Sipp sipp = Sipp.uas("uas-cancel-crosses-answer");
                Gateway gateway = Gateway.towards(sipp.port())) {
            Events events = new Events();
            TrunkCall call = gateway.call(events);
            events.until(TrunkEvent.Progress.class);
            call.hangUp(HangupReason.NORMAL);
            assertThat(events.next(TrunkEvent.Failed.class).failure()).isEqualTo(new TrunkFailure.Cancelled());
            sipp.assertSuccess();
            events.assertNothingMore();
        }
    }

    @ParameterizedTest
    @CsvSource({"uas-late-answer", "uas-late-provisional"})
    @Shows(ROUTING)
    void silentTrunkIsGivenUpAndWhatItSaysLateIsEnded(String scenario) {
        try (Sipp sipp = Sipp.uas(scenario);
                Gateway gateway = Gateway.towards(impatient(sipp.port()))) {
            Events events = new Events();
            gateway.call(events);
            assertThat(events.next(TrunkEvent.Failed.class).failure()).isEqualTo(new TrunkFailure.Silent());
            sipp.assertSuccess();
            events.assertNothingMore();
        }
    }

    @Test
    void silentTrunkHearsNoMoreOfACallThatWasGivenUp() throws IOException {
        try (DatagramSocket silent = new DatagramSocket(0, InetAddress.ofLiteral("127.0.0.1"));
                Gateway gateway = Gateway.towards(impatient(silent.getLocalPort()))) {
            Events events = new Events();
            gateway.call(events);
            assertThat(events.next(TrunkEvent.Failed.class).failure()).isEqualTo(new TrunkFailure.Silent());
            silent.setSoTimeout(50);
            assertThat(invites(silent)).as("INVITEs while it was waited for").isPositive();
            silent.setSoTimeout(1_500); // timer A would have it sent again 1.5 s after the first (RFC 3261 17.1.1.2)
            assertThat(invites(silent)).as("INVITEs after that").isZero();
        }
    }

    @Test
    void anAnswerThatComesAgainMeetsTheSameAckAgain() throws IOException {
        try (DatagramSocket peer = new DatagramSocket(0, InetAddress.ofLiteral("127.0.0.1"));
                Gateway gateway = Gateway.towards(impatient(peer.getLocalPort()))) {
            peer.setSoTimeout(30_000);
            gateway.call(new Events());
            DatagramPacket invite = next(peer, "INVITE ");
            String ok = text(invite)
                    .lines()
                    .filter(line -> line.matches("(Via|From|To|Call-ID|CSeq):.*"))
                    .map(line -> line.startsWith("To:") ? line + ";tag=peer" : line)
                    .collect(Collectors.joining(
                            "\r\n",
                            "SIP/2.0 200 OK\r\n",
                            "\r\nRecord-Route: <sip:127.0.0.1:" + peer.getLocalPort()
                                    + ";lr;x=2>\r\nContact: <sip:127.0.0.1:"
                                    + peer.getLocalPort()
                                    + ">\r\nContent-Type: application/sdp\r\nContent-Length: 5\r\n\r\nv=0\r\n"));
            byte[] bytes = ok.getBytes(StandardCharsets.UTF_8);
            peer.send(new DatagramPacket(bytes, bytes.length, invite.getSocketAddress()));
            String ack = text(next(peer, "ACK "));
            assertThat(ack).containsPattern("(?m)^Route: .*x=2");
            peer.send(new DatagramPacket(bytes, bytes.length, invite.getSocketAddress()));
            assertThat(text(next(peer, "ACK "))).isEqualTo(ack);
        }
    }

    private static DatagramPacket next(DatagramSocket socket, String beginning) throws IOException {
        while (true) {
            DatagramPacket packet = new DatagramPacket(new byte[4_000], 4_000);
            socket.receive(packet);
            if (text(packet).startsWith(beginning)) {
                return packet;
            }
        }
    }

    private static String text(DatagramPacket packet) {
        return new String(packet.getData(), 0, packet.getLength(), StandardCharsets.UTF_8);
    }

    /** How many datagrams come before the socket's timeout passes without one. */
    private static int invites(DatagramSocket socket) throws IOException {
        int count = 0;
        try {
            while (true) {
                socket.receive(new DatagramPacket(new byte[2_000], 2_000));
                count++;
            }
        } catch (SocketTimeoutException e) {
            return count;
        }
    }

    @Test
    @Shows(EARLY_MEDIA_AND_FORKS)
    void reliableProvisionalResponsesAreAcknowledgedInOrder() {
        try (Sipp sipp = Sipp.uas("uas-prack");
                Gateway gateway = Gateway.towards(sipp.port())) {
            Events events = new Events();
            TrunkCall call = gateway.call(events);
            events.next(TrunkEvent.Trying.class);
            assertThat(events.next(TrunkEvent.Progress.class).sdp()).isPresent();
            assertThat(events.next(TrunkEvent.Progress.class).status()).isEqualTo(180);
            assertThat(events.next(TrunkEvent.Answered.class).sdp()).isEmpty();
            call.hangUp(HangupReason.NORMAL);
            sipp.assertSuccess();
        }
    }

    @Test
    @Shows(FINDING_THE_CARRIER)
    void routeSetIsObeyed() {
        try (Sipp sipp = Sipp.uas("uas-record-route");
                Gateway gateway = Gateway.towards(sipp.port())) {
            Events events = new Events();
            TrunkCall call = gateway.call(events);
            events.until(TrunkEvent.Answered.class);
            sipp.awaitMessage("\nACK sip", 1);
            call.hangUp(HangupReason.NORMAL);
            sipp.assertSuccess();
        }
    }

    @Test
    void tcpConnectionThatIsRefusedIsUnreachable() {
        try (Gateway gateway =
                Gateway.towards(TrunkSettings.at(new TrunkAddress("127.0.0.1", Sipp.freePort(), SipTransport.TCP)))) {
            Events events = new Events();
            gateway.call(events);
            assertThat(events.next(TrunkEvent.Failed.class).failure()).isInstanceOf(TrunkFailure.Unreachable.class);
        }
    }

    @Test
    void nameThatIsNotFoundIsUnreachable() {
        try (Gateway gateway =
                Gateway.towards(TrunkSettings.at(new TrunkAddress("no-such-host.invalid", 5060, SipTransport.UDP)))) {
            Events events = new Events();
            gateway.call(events);
            assertThat(events.next(TrunkEvent.Failed.class).failure()).isInstanceOf(TrunkFailure.Unreachable.class);
        }
    }
}
