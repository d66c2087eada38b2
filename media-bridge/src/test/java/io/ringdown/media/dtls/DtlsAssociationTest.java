package io.ringdown.media.dtls;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.ringdown.media.sdp.Fingerprint;
import io.ringdown.media.srtp.SrtpKeys;
import io.ringdown.media.srtp.SrtpProfile;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.bouncycastle.tls.HandshakeType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two associations in memory, over a link that can lose. */
final class DtlsAssociationTest {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final DtlsIdentity SERVER = DtlsIdentity.create(RANDOM);
    private static final DtlsIdentity CLIENT = DtlsIdentity.create(RANDOM);
    private static final int LOSSY_PAIRS = 100;
    private static final long CONNECT_NANOS = TimeUnit.SECONDS.toNanos(20); // 8 where a machine has nothing else to do

    @Test
    void bothSidesComeToTheSameKeys() throws Exception {
        End server = new End(SERVER, 0);
        End client = new End(CLIENT, 0);
        join(server, client);
        server.association.start(DtlsRole.SERVER, List.of(CLIENT.fingerprint()));
        client.association.start(DtlsRole.CLIENT, List.of(SERVER.fingerprint()));
        SrtpKeys ours = (SrtpKeys) requireNonNull(server.next());
        SrtpKeys theirs = (SrtpKeys) requireNonNull(client.next());
        assertThat(ours.profile()).isEqualTo(SrtpProfile.AEAD_AES_128_GCM);
        assertThat(ours.ours().key()).isEqualTo(theirs.theirs().key());
        assertThat(ours.theirs().key()).isEqualTo(theirs.ours().key());
        assertThat(ours.ours().salt()).isEqualTo(theirs.theirs().salt());
        assertThat(ours.toString()).contains("masked");
        close(server, client);
    }

    @Test
    void aHelloThatComesBeforeTheFingerprintIsKnownWaits() throws Exception {
        End server = new End(SERVER, 0);
        End client = new End(CLIENT, 0);
        join(server, client);
        client.association.start(DtlsRole.CLIENT, List.of(SERVER.fingerprint()));
        assertThat(client.sent.poll(5, TimeUnit.SECONDS)).isNotNull();
        server.association.start(DtlsRole.SERVER, List.of(CLIENT.fingerprint()));
        assertThat(server.next()).isInstanceOf(SrtpKeys.class);
        close(server, client);
    }

    @Test
    void everyTenthDatagramMayBeLost() throws Exception {
        for (int seed = 0; seed < 8; seed++) {
            End server = new End(SERVER, seed);
            End client = new End(CLIENT, seed + 100);
            server.lossPercent = 10;
            client.lossPercent = 10;
            join(server, client);
            server.association.start(DtlsRole.SERVER, List.of(CLIENT.fingerprint()));
            client.association.start(DtlsRole.CLIENT, List.of(SERVER.fingerprint()));
            assertThat(server.next()).as("seed %d", seed).isInstanceOf(SrtpKeys.class);
            assertThat(client.next()).as("seed %d", seed).isInstanceOf(SrtpKeys.class);
            close(server, client);
        }
    }

    /** Many at once, since each mostly waits; some browsers put each record into a datagram of its own. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void everyFifthDatagramMayBeLostEachWay(boolean recordsApart) throws Exception {
        List<Pair> pairs = new ArrayList<>();
        for (int seed = 0; seed < LOSSY_PAIRS; seed++) {
            Pair pair = new Pair(seed, new End(SERVER, seed), new End(CLIENT, seed + 10_000));
            pair.server.lossPercent = 20;
            pair.client.lossPercent = 20;
            pair.client.sendsRecordsApart = recordsApart;
            pair.start();
            pairs.add(pair);
        }
        long deadline = System.nanoTime() + CONNECT_NANOS;
        List<Integer> failed = new ArrayList<>();
        for (Pair pair : pairs) {
            if (!pair.isConnectedBy(deadline)) {
                failed.add(pair.seed);
            }
        }
        assertThat(failed)
                .as("seeds of %d that were not connected in time", LOSSY_PAIRS)
                .hasSizeLessThanOrEqualTo(LOSSY_PAIRS / 100);
        for (Pair pair : pairs) {
            close(pair.server, pair.client);
        }
    }

    /** A handshake over a link of its own. */
    private record Pair(int seed, End server, End client) {
        void start() {
            join(server, client);
            server.association.start(DtlsRole.SERVER, List.of(CLIENT.fingerprint()));
            client.association.start(DtlsRole.CLIENT, List.of(SERVER.fingerprint()));
        }

        boolean isConnectedBy(long deadline) throws InterruptedException {
            return server.toldBy(deadline) instanceof SrtpKeys && client.toldBy(deadline) instanceof SrtpKeys;
        }
    }

    /** RFC 6347 §4.2.4, where Bouncy Castle wants to see the client's whole flight again. */
    @Test
    void aServersLastFlightComesAgainForAnyPartOfTheClients() throws Exception {
        End server = new End(SERVER, 0);
        End client = new End(CLIENT, 0);
        client.sendsRecordsApart = true;
        join(server, client);
        server.association.start(DtlsRole.SERVER, List.of(CLIENT.fingerprint()));
        client.association.start(DtlsRole.CLIENT, List.of(SERVER.fingerprint()));
        assertThat(server.next()).isInstanceOf(SrtpKeys.class);
        assertThat(client.next()).isInstanceOf(SrtpKeys.class);
        byte[] clientsLast = requireNonNull(
                client.sent.stream().reduce((first, second) -> second).orElse(null));
        byte[] finished = End.records(clientsLast).getLast();
        server.sent.clear();
        server.association.onDatagram(finished, 0, finished.length);
        byte[] again = requireNonNull(server.sent.poll(5, TimeUnit.SECONDS));
        assertThat(End.records(again)).hasSize(2);
        assertThat(again[0]).as("ChangeCipherSpec first").isEqualTo((byte) 20);
        close(server, client);
    }

    /** Bouncy Castle alone would hang: see {@link CipherChangeGate}. */
    @Test
    void aCertificateVerifyThatIsLostOrOvertakenComesAgain() throws Exception {
        End server = new End(SERVER, 0);
        End client = new End(CLIENT, 0);
        client.sendsRecordsApart = true;
        client.losesFirst = HandshakeType.certificate_verify;
        join(server, client);
        server.association.start(DtlsRole.SERVER, List.of(CLIENT.fingerprint()));
        client.association.start(DtlsRole.CLIENT, List.of(SERVER.fingerprint()));
        assertThat(server.next()).isInstanceOf(SrtpKeys.class);
        assertThat(client.next()).isInstanceOf(SrtpKeys.class);
        assertThat(client.losesFirst).isZero();
        close(server, client);
    }

    @Test
    void anotherCertificateThanTheAnnouncedOneIsFinal() throws Exception {
        Fingerprint foreign = DtlsIdentity.create(RANDOM).fingerprint();
        for (List<Fingerprint> expected : List.of(List.of(foreign), List.<Fingerprint>of())) {
            End server = new End(SERVER, 0);
            End client = new End(CLIENT, 0);
            join(server, client);
            server.association.start(DtlsRole.SERVER, expected);
            client.association.start(DtlsRole.CLIENT, List.of(SERVER.fingerprint()));
            assertThat(server.next()).isEqualTo(DtlsFailure.FINGERPRINT_MISMATCH);
            close(server, client);
        }
    }

    @Test
    void oneOfSeveralFingerprintsIsEnough() throws Exception {
        End server = new End(SERVER, 0);
        End client = new End(CLIENT, 0);
        join(server, client);
        server.association.start(
                DtlsRole.SERVER, List.of(DtlsIdentity.create(RANDOM).fingerprint(), CLIENT.fingerprint()));
        client.association.start(DtlsRole.CLIENT, List.of(SERVER.fingerprint()));
        assertThat(server.next()).isInstanceOf(SrtpKeys.class);
        close(server, client);
    }

    @Test
    void closingTellsTheOtherSide() throws Exception {
        End server = new End(SERVER, 0);
        End client = new End(CLIENT, 0);
        join(server, client);
        server.association.start(DtlsRole.SERVER, List.of(CLIENT.fingerprint()));
        client.association.start(DtlsRole.CLIENT, List.of(SERVER.fingerprint()));
        assertThat(server.next()).isInstanceOf(SrtpKeys.class);
        assertThat(client.next()).isInstanceOf(SrtpKeys.class);
        server.association.close();
        assertThat(client.next()).isEqualTo("closed");
        close(server, client);
    }

    @Test
    void theQueueIsBoundedAndWhatDoesNotFitIsCounted() throws Exception {
        End server = new End(SERVER, 0);
        byte[] hello = new byte[1200];
        hello[0] = 22;
        hello[11] = (byte) (1187 >> 8);
        hello[12] = (byte) 1187;
        for (int i = 0; i < 1_000; i++) {
            server.association.onDatagram(hello, 0, hello.length);
        }
        assertThat(server.association.dropped()).isEqualTo(1_000 - 64);
        server.association.close();
        assertThat(server.association.awaitEnd(1, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void whoClosesSaysSoAndWhoAbandonsDoesNot() throws Exception {
        for (boolean isAbandoned : new boolean[] {false, true}) {
            End server = new End(SERVER, 0);
            End client = new End(CLIENT, 0);
            join(server, client);
            server.association.start(DtlsRole.SERVER, List.of(CLIENT.fingerprint()));
            client.association.start(DtlsRole.CLIENT, List.of(SERVER.fingerprint()));
            assertThat(server.next()).isInstanceOf(SrtpKeys.class);
            assertThat(client.next()).isInstanceOf(SrtpKeys.class);
            if (isAbandoned) {
                server.association.abandon();
            } else {
                server.association.close();
            }
            assertThat(server.association.awaitEnd(5, TimeUnit.SECONDS)).isTrue();
            if (isAbandoned) {
                assertThat(client.told).isEmpty();
            } else {
                assertThat(client.next()).isEqualTo("closed");
            }
            close(client);
        }
    }

    private static void join(End server, End client) {
        server.peer = client;
        client.peer = server;
    }

    private static void close(End... ends) throws InterruptedException {
        for (End end : ends) {
            end.association.close();
        }
        for (End end : ends) {
            assertThat(end.association.awaitEnd(5, TimeUnit.SECONDS))
                    .as("the thread ends")
                    .isTrue();
        }
    }

    private static final class End implements DtlsListener {
        private final DtlsAssociation association;
        private final Random loss;
        private final LinkedBlockingQueue<Object> told = new LinkedBlockingQueue<>();
        private final LinkedBlockingQueue<byte[]> sent = new LinkedBlockingQueue<>();
        private volatile @Nullable End peer;
        private int lossPercent;
        private volatile boolean sendsRecordsApart;
        private volatile int losesFirst;

        private End(DtlsIdentity identity, long seed) {
            association = new DtlsAssociation(identity, this);
            loss = new Random(seed);
        }

        @Nullable
        Object toldBy(long deadline) throws InterruptedException {
            return told.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
        }

        @Nullable
        Object next() throws InterruptedException {
            return told.poll(30, TimeUnit.SECONDS);
        }

        @Override
        public void onDatagram(byte[] datagram) {
            sent.add(datagram);
            if (!sendsRecordsApart) {
                send(datagram);
                return;
            }
            for (byte[] record : records(datagram)) {
                if (losesFirst != 0 && record[0] == 22 && record[13] == losesFirst) {
                    losesFirst = 0;
                } else {
                    send(record);
                }
            }
        }

        private void send(byte[] datagram) {
            End to = peer;
            if (to != null && loss.nextInt(100) >= lossPercent) {
                to.association.onDatagram(datagram, 0, datagram.length);
            }
        }

        private static List<byte[]> records(byte[] datagram) {
            List<byte[]> records = new ArrayList<>();
            for (int at = 0; at < datagram.length; ) {
                int size = 13 + (((datagram[at + 11] & 0xff) << 8) | (datagram[at + 12] & 0xff));
                records.add(Arrays.copyOfRange(datagram, at, at + size));
                at += size;
            }
            return records;
        }

        @Override
        public void onKeys(SrtpKeys keys) {
            told.add(keys);
        }

        @Override
        public void onFailure(DtlsFailure failure) {
            told.add(failure);
        }

        @Override
        public void onClosed() {
            told.add("closed");
        }
    }
}
