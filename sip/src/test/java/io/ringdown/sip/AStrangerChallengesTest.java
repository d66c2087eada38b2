package io.ringdown.sip;

import static io.ringdown.evidence.Row.IDENTITY;
import static org.assertj.core.api.Assertions.assertThat;

import io.ringdown.evidence.Shows;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Whoever is not the trunk, or asks for another realm, is given nothing to guess a password from. */
@Shows(IDENTITY)
final class AStrangerChallengesTest {
    private static final int TRIES = 100;
    private static final InetAddress ELSEWHERE = InetAddress.ofLiteral("127.0.0.9");
    private static final Pattern COPIED = Pattern.compile("(?m)^(?:Via|From|Call-ID|CSeq): .*$");
    private static final Pattern TO = Pattern.compile("(?m)^To: .*$");

    /** Answers every request by what it is told to, and keeps what came. */
    private static final class Peer implements AutoCloseable {
        private final DatagramSocket socket;
        private final ConcurrentLinkedQueue<String> requests = new ConcurrentLinkedQueue<>();
        private final AtomicInteger answers = new AtomicInteger();
        private final Thread thread;

        private Peer(InetAddress address, Answering answering) throws SocketException {
            socket = new DatagramSocket(0, address);
            thread = Thread.ofPlatform().start(() -> serve(answering));
        }

        private void serve(Answering answering) {
            try {
                while (true) {
                    DatagramPacket packet = new DatagramPacket(new byte[8192], 8192);
                    socket.receive(packet);
                    String request = new String(packet.getData(), 0, packet.getLength(), StandardCharsets.UTF_8);
                    requests.add(request);
                    String method = request.substring(0, request.indexOf(' '));
                    if (!method.equals("ACK")) {
                        byte[] answer = answering.to(method, request, this).getBytes(StandardCharsets.UTF_8);
                        socket.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
                    }
                }
            } catch (IOException e) {
                assertThat(socket.isClosed()).isTrue();
            }
        }

        String answer(String status, String request, String... more) {
            StringBuilder text = new StringBuilder("SIP/2.0 " + status + "\r\n");
            Matcher copied = COPIED.matcher(request);
            while (copied.find()) {
                text.append(copied.group().strip()).append("\r\n");
            }
            Matcher to = TO.matcher(request);
            assertThat(to.find()).isTrue();
            String tag = to.group().contains("tag=") ? "" : ";tag=stranger" + answers.incrementAndGet();
            text.append(to.group().strip()).append(tag).append("\r\n");
            for (String line : more) {
                text.append(line).append("\r\n");
            }
            return text.append("Content-Length: 0\r\n\r\n").toString();
        }

        InetSocketAddress at() {
            return (InetSocketAddress) socket.getLocalSocketAddress();
        }

        long withCredentials() {
            return requests.stream()
                    .filter(request -> request.contains("Authorization:"))
                    .count();
        }

        long count(String method) {
            return requests.stream()
                    .filter(request -> request.startsWith(method + " "))
                    .count();
        }

        @Override
        public void close() {
            socket.close();
            try {
                thread.join(Duration.ofSeconds(5));
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }

    @FunctionalInterface
    private interface Answering {
        String to(String method, String request, Peer peer);
    }

    private static String challenge(String realm, int number) {
        return "WWW-Authenticate: Digest realm=\"" + realm + "\",nonce=\"n" + number + "\",algorithm=MD5,qop=\"auth\"";
    }

    @Test
    void aContactElsewhereThatChallengesOurByeGetsNoCredentials() throws SocketException {
        AtomicInteger nonces = new AtomicInteger();
        Answering challenging = (_, request, peer) ->
                peer.answer("401 Unauthorized", request, challenge("ours", nonces.incrementAndGet()));
        try (Peer stranger = new Peer(ELSEWHERE, challenging)) {
            String contact = "Contact: <sip:x@127.0.0.9:" + stranger.at().getPort() + ">";
            // The trunk itself gets credentials, whose nonce would be used on; the ACK and the BYE go elsewhere.
            Answering answering = (_, request, peer) -> request.contains("Authorization:")
                    ? peer.answer("200 OK", request, contact)
                    : peer.answer("401 Unauthorized", request, challenge("ours", nonces.incrementAndGet()));
            try (Peer trunk = new Peer(Sipp.LOOPBACK, answering);
                    Gateway gateway =
                            Gateway.towards(Gateway.withPassword(trunk.at().getPort(), "pass")
                                    .withCredentials("user", new Secret("pass"), Optional.empty())
                                    .withAllow(List.of(Cidr.of(ELSEWHERE))))) {
                for (int i = 0; i < TRIES; i++) {
                    Events events = new Events();
                    TrunkCall call = gateway.call(events);
                    events.until(TrunkEvent.Answered.class);
                    call.hangUp(HangupReason.NORMAL);
                    events.until(TrunkEvent.Ended.class);
                }
                LocatedTrunkSippTest.await(() -> stranger.count("BYE") >= TRIES);
                LocatedTrunkSippTest.await(() -> gateway.counter("messages-in") >= 2L * TRIES);
                assertThat(trunk.withCredentials()).isGreaterThanOrEqualTo(TRIES);
                assertThat(stranger.withCredentials()).isZero();
            }
        }
    }

    @Test
    void theTrunkItselfGetsNoneForAnotherRealm() throws SocketException {
        AtomicInteger nonces = new AtomicInteger();
        Answering challenging = (method, request, peer) -> peer.answer(
                "401 Unauthorized", request, challenge("theirs" + nonces.get() % 7, nonces.incrementAndGet()));
        try (Peer trunk = new Peer(Sipp.LOOPBACK, challenging);
                Gateway gateway =
                        Gateway.towards(Gateway.withPassword(trunk.at().getPort(), "pass"))) {
            for (int i = 0; i < TRIES; i++) {
                Events events = new Events();
                gateway.call(events);
                assertThat(events.next(TrunkEvent.Failed.class).failure())
                        .isEqualTo(new TrunkFailure.Unauthorized(401));
            }
            assertThat(trunk.count("INVITE")).isGreaterThanOrEqualTo(TRIES);
            assertThat(trunk.withCredentials()).isZero();
        }
    }

    @Test
    void theTrunkItselfGetsThemForItsOwnRealm() throws SocketException {
        AtomicInteger nonces = new AtomicInteger();
        Answering challenging = (_, request, peer) ->
                peer.answer("401 Unauthorized", request, challenge("ringdown.test", nonces.incrementAndGet()));
        try (Peer trunk = new Peer(Sipp.LOOPBACK, challenging);
                Gateway gateway =
                        Gateway.towards(Gateway.withPassword(trunk.at().getPort(), "pass"))) {
            Events events = new Events();
            gateway.call(events);
            assertThat(events.next(TrunkEvent.Failed.class).failure()).isEqualTo(new TrunkFailure.Unauthorized(401));
            assertThat(trunk.withCredentials()).isPositive();
        }
    }
}
