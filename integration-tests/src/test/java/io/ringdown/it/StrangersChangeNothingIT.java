package io.ringdown.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Datagrams of strangers at every media port: nobody is answered, no call suffers, nothing is heard (THREATS M1, M5, M6, M9). */
@ExtendWith(Trial.Extension.class)
final class StrangersChangeNothingIT {

    @Test
    void hostileClientHellosWhileCallsAreSetUpStopNoneOfThem(Trial trial, Exchange exchange) {
        int calls = Tools.full() ? 200 : 5;
        FarEnd far = trial.keep(new FarEnd());
        Sipp carrier =
                Sipp.start(trial, exchange.carrier("uas-answer", G711.PCMU, far).calls(calls));
        Stranger stranger = trial.keep(new Stranger());
        stranger.spray(exchange.config().mediaPort(), exchange.config().mediaPort() + 1);
        for (int call = 0; call < calls; call++) {
            try (RawClient phone = connect(trial, exchange)) {
                phone.start(Exchange.NUMBER);
                phone.awaitEstablished();
                assertThat(phone.evaluate("client.pc.connectionState").asText()).isEqualTo("connected");
                phone.hangUp();
                phone.awaitEnded(10);
            }
        }
        carrier.awaitSuccess(20);
        assertThat(stranger.sent()).as("the strangers were busy").isGreaterThan(calls * 50L);
        assertThat(stranger.answers()).as("strangers are not answered").isZero();
    }

    @Test
    void nothingOfAStrangerIsHeardAndNothingIsSentToIt(Trial trial, Exchange exchange) {
        FarEnd far = trial.keep(new FarEnd());
        Sipp carrier = Sipp.start(trial, exchange.carrier("uas-answer", G711.PCMU, far));
        RawClient phone = connect(trial, exchange);
        phone.start(Exchange.NUMBER);
        phone.awaitEstablished();
        far.awaitAudio(10);
        far.speak(0, G711.PCMU.tone(trial.directory(), Exchange.TELEPHONE_HZ));
        phone.hearOnceLoud();

        Stranger stranger = trial.keep(new Stranger());
        int trunkPort = far.peer().orElseThrow().getPort();
        stranger.sprayRtp(G711.PCMU.tone(trial.directory(), 2000), trunkPort);
        stranger.spray(exchange.config().mediaPort(), exchange.config().mediaPort() + 1, trunkPort, trunkPort + 1);
        Ear.hears("the browser", phone.hear(3000), Exchange.TELEPHONE_HZ);
        Ear.hears(
                "the telephone",
                Ear.of(trial.directory(), "telephone", far.listenFor(1500)),
                phone.browser().microphoneHz());
        assertThat(phone.messages("dtmf")).as("no forged digit").isEmpty();
        assertThat(stranger.sent()).isGreaterThan(1000);
        assertThat(stranger.answers()).as("nothing is sent to strangers").isZero();
        phone.hangUp();
        carrier.awaitSuccess(10);
    }

    private static RawClient connect(Trial trial, Exchange exchange) {
        return exchange.phone(trial, Browser.Kind.CHROMIUM.browser());
    }

    /** Someone on the same network who knows the ports and nothing else. */
    private static final class Stranger implements AutoCloseable {
        private final DatagramSocket socket;
        private final AtomicBoolean closed = new AtomicBoolean();
        private final java.util.concurrent.atomic.AtomicLong sent = new java.util.concurrent.atomic.AtomicLong();
        private final java.util.concurrent.atomic.AtomicLong answers = new java.util.concurrent.atomic.AtomicLong();
        private final List<Thread> threads = new java.util.concurrent.CopyOnWriteArrayList<>();

        private Stranger() {
            try {
                socket = new DatagramSocket(0, InetAddress.ofLiteral("127.0.0.1"));
                socket.setSoTimeout(200);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            threads.add(Thread.ofPlatform().daemon().start(this::countAnswers));
        }

        long sent() {
            return sent.get();
        }

        long answers() {
            return answers.get();
        }

        /** Junk, ClientHellos, STUN without and with a wrong MESSAGE-INTEGRITY, RTP, RTCP: a round each millisecond. */
        void spray(int... ports) {
            List<byte[]> noise = noise(new SplittableRandom(7));
            threads.add(Thread.ofPlatform().daemon().start(() -> {
                for (int i = 0; !closed.get(); i++) {
                    for (int port : ports) {
                        send(noise.get(i % noise.size()), port);
                    }
                    Tools.pause(1);
                }
            }));
        }

        /** A loud tone and digits as the telephone would send them. */
        void sprayRtp(byte[] law, int port) {
            threads.add(Thread.ofPlatform().daemon().start(() -> {
                for (int i = 0; !closed.get(); i++) {
                    byte[] payload = new byte[160];
                    for (int k = 0; k < 160; k++) {
                        payload[k] = law[(i * 160 + k) % law.length];
                    }
                    send(FarEnd.rtp(false, 0, i & 0xffff, i * 160, 0x5eed, payload), port);
                    send(FarEnd.rtp(true, 101, i & 0xffff, i * 160, 0x5eed, FarEnd.eventPayload(5, true, 800)), port);
                    Tools.pause(5);
                }
            }));
        }

        private void send(byte[] bytes, int port) {
            try {
                socket.send(new DatagramPacket(bytes, bytes.length, InetAddress.ofLiteral("127.0.0.1"), port));
                sent.incrementAndGet();
            } catch (IOException e) {
                if (!closed.get()) {
                    throw new UncheckedIOException(e);
                }
            }
        }

        private void countAnswers() {
            DatagramPacket packet = new DatagramPacket(new byte[2048], 2048);
            while (!closed.get()) {
                try {
                    socket.receive(packet);
                    answers.incrementAndGet();
                } catch (SocketTimeoutException quiet) {
                    Thread.onSpinWait();
                } catch (IOException e) {
                    if (!closed.get()) {
                        throw new UncheckedIOException(e);
                    }
                }
            }
        }

        private static List<byte[]> noise(SplittableRandom random) {
            byte[] junk = new byte[300];
            random.nextBytes(junk);
            byte[] hello = clientHello(random, 0xc02b);
            byte[] nullSuite = clientHello(random, 0x0000);
            byte[] garbled = hello.clone();
            for (int i = 13; i < garbled.length; i++) {
                garbled[i] = (byte) random.nextInt();
            }
            byte[] fragment = java.util.Arrays.copyOf(hello, hello.length / 2);
            byte[] alert = {21, (byte) 0xfe, (byte) 0xfd, 0, 0, 0, 0, 0, 0, 0, 9, 0, 2, 2, 40};
            byte[] rtcpBye = {(byte) 0x81, (byte) 203, 0, 1, 1, 2, 3, 4};
            return List.of(
                    junk,
                    hello,
                    nullSuite,
                    garbled,
                    fragment,
                    alert,
                    rtcpBye,
                    binding(random, false),
                    binding(random, true),
                    FarEnd.rtp(false, 111, 1, 960, 77, new byte[40]),
                    new byte[] {0},
                    new byte[0]);
        }

        /** RFC 6347 §4.2: one ClientHello in one record. */
        private static byte[] clientHello(SplittableRandom random, int suite) {
            ByteBuffer body = ByteBuffer.allocate(256);
            byte[] nonce = new byte[32];
            random.nextBytes(nonce);
            body.putShort((short) 0xfefd).put(nonce).put((byte) 0).put((byte) 0);
            body.putShort((short) 2).putShort((short) suite).put((byte) 1).put((byte) 0);
            body.putShort((short) 9); // use_srtp, profile 1
            body.putShort((short) 14)
                    .putShort((short) 5)
                    .putShort((short) 2)
                    .putShort((short) 1)
                    .put((byte) 0);
            int length = body.position();
            ByteBuffer record = ByteBuffer.allocate(25 + length);
            record.put((byte) 22)
                    .putShort((short) 0xfeff)
                    .putShort((short) 0)
                    .putInt(0)
                    .putShort((short) 0);
            record.putShort((short) (12 + length));
            record.put((byte) 1).put((byte) 0).putShort((short) length).putShort((short) 0);
            record.put((byte) 0).putShort((short) 0).put((byte) 0).putShort((short) length);
            record.put(body.array(), 0, length);
            return record.array();
        }

        /** RFC 8489 §5: a Binding request, bare or with a USERNAME and a MESSAGE-INTEGRITY of nobody. */
        private static byte[] binding(SplittableRandom random, boolean withIntegrity) {
            ByteBuffer out = ByteBuffer.allocate(withIntegrity ? 20 + 12 + 24 : 20);
            byte[] transaction = new byte[12];
            random.nextBytes(transaction);
            out.putShort((short) 1)
                    .putShort((short) (out.capacity() - 20))
                    .putInt(0x2112a442)
                    .put(transaction);
            if (withIntegrity) {
                out.putShort((short) 6)
                        .putShort((short) 8)
                        .put("abcd:efg".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
                byte[] mac = new byte[20];
                random.nextBytes(mac);
                out.putShort((short) 8).putShort((short) 20).put(mac);
            }
            return out.array();
        }

        @Override
        public void close() {
            closed.set(true);
            socket.close();
            for (Thread thread : threads) {
                try {
                    thread.join(1000);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
        }
    }
}
