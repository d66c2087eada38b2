package io.ringdown.media.transport;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.ringdown.media.ice.IcePath;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Real sockets, virtual time. Nobody here passes a check. */
final class TcpConnectionsTest {
    private static final int LONGEST = 2304;
    private static final long SECOND = 1_000_000_000;
    private static final byte FATAL = 66; // as a packet's first octet

    private final byte[] packet = new byte[LONGEST];
    private final List<Integer> sizes = new ArrayList<>();
    private final List<Throwable> faults = new ArrayList<>();
    private final List<Socket> clients = new ArrayList<>();
    private final List<TcpConnection> senders = new ArrayList<>();
    private Selector selector;
    private ServerSocketChannel listener;
    private TcpConnections connections;
    private long now;

    @BeforeEach
    void listen() throws IOException {
        selector = Selector.open();
        listener = ServerSocketChannel.open();
        listener.configureBlocking(false);
        listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 200);
        connections = new TcpConnections(selector, List.of(listener), 46, packet, LONGEST, new Arrivals(), now);
    }

    @AfterEach
    void end() throws IOException {
        for (Socket client : clients) {
            client.close();
        }
        connections.close();
        selector.close();
    }

    @Test
    void aConnectionWithoutACheckIsClosedAfterItsTime() throws IOException {
        Socket client = client("127.0.0.1");
        accept(1);
        now = TcpConnections.CHECK_WITHIN_NANOS - 1;
        connections.onTime(now);
        assertThat(open()).isEqualTo(1);
        assertThat(connections.nextWakeup()).isEqualTo(TcpConnections.CHECK_WITHIN_NANOS);
        now++;
        connections.onTime(now);
        assertThat(open()).isZero();
        assertThat(client.getInputStream().read()).isEqualTo(-1);
        assertThat(noise()).containsEntry("UNCHECKED", 1L);
    }

    @Test
    void aConnectionByIpv6IsTakenAsWell() throws IOException {
        try (Selector other = Selector.open();
                ServerSocketChannel six = ServerSocketChannel.open()) {
            six.configureBlocking(false);
            six.bind(new InetSocketAddress(InetAddress.ofLiteral("::1"), 0));
            TcpConnections bySix = new TcpConnections(other, List.of(six), 46, packet, LONGEST, new Arrivals(), now);
            int port = ((InetSocketAddress) six.getLocalAddress()).getPort();
            try (Socket client = new Socket(InetAddress.ofLiteral("::1"), port)) {
                other.select(5_000);
                bySix.onAcceptable(six, now);
                assertThat(client.isConnected()).isTrue();
                assertThat(bySix.snapshot().open()).isEqualTo(1);
            }
            bySix.close();
        }
    }

    @Test
    void whoDripsHasNoMoreTimeThanOthers() throws IOException {
        Socket client = client("127.0.0.1");
        accept(1);
        for (int i = 0; i < 10; i++) {
            client.getOutputStream().write(new byte[] {0});
            look();
            now += TcpConnections.CHECK_WITHIN_NANOS / 10;
            connections.onTime(now);
        }
        assertThat(open()).isZero();
    }

    @Test
    void theOldestOfAnAddressGivesWayAndOtherAddressesAreNotTouched() throws IOException {
        client("127.0.0.2");
        for (int i = 0; i < TcpConnections.MOST_UNCHECKED_OF_NETWORK + 5; i++) {
            client("127.0.0.1");
        }
        accept(TcpConnections.MOST_UNCHECKED_OF_NETWORK + 6);
        assertThat(open()).isEqualTo(TcpConnections.MOST_UNCHECKED_OF_NETWORK + 1);
        assertThat(noise()).containsEntry("CROWDED_OUT", 5L);
        for (int i = 1; i <= 5; i++) {
            assertThat(clients.get(i).getInputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    void thereAreNeverMoreWithoutACheckThanTheirBound() throws IOException {
        int addresses = 2 + TcpConnections.MOST_UNCHECKED / TcpConnections.MOST_UNCHECKED_OF_NETWORK;
        for (int address = 1; address <= addresses; address++) {
            for (int i = 0; i < TcpConnections.MOST_UNCHECKED_OF_NETWORK; i++) {
                client("127.0.1." + address);
            }
            now += SECOND / 5; // so many may come
            accept(TcpConnections.MOST_UNCHECKED_OF_NETWORK);
        }
        assertThat(open()).isEqualTo(TcpConnections.MOST_UNCHECKED);
    }

    @Test
    void whoComesFasterThanTheyAreTakenWaitsAndTheCallsDoNot() throws IOException {
        for (int i = 0; i < TcpConnections.ACCEPTED_BURST + 11; i++) {
            client("127.0.0." + (1 + i % 8));
        }
        accept(TcpConnections.ACCEPTED_BURST + 1);
        look();
        assertThat(open()).isEqualTo(TcpConnections.ACCEPTED_BURST + 1);
        assertThat(noise()).containsEntry("HELD_UP", 1L);
        now = connections.nextWakeup();
        assertThat(now).isLessThan(SECOND);
        connections.onTime(now);
        accept(10);
        assertThat(noise()).containsEntry("HELD_UP", 1L);
    }

    @Test
    void whoTalksWithoutPassingACheckIsClosed() throws IOException {
        Socket client = client("127.0.0.1");
        accept(1);
        client.getOutputStream().write(new byte[TcpConnections.MOST_OCTETS_UNCHECKED]); // packets of no octets
        await(() -> sizes.size() == TcpConnections.MOST_OCTETS_UNCHECKED / 2);
        assertThat(open()).isEqualTo(1);
        client.getOutputStream().write(new byte[2]);
        await(() -> open() == 0);
        assertThat(noise()).containsEntry("TALKATIVE", 1L);
    }

    @Test
    void aPacketLongerThanAnyOfABrowserClosesItAtItsLength() throws IOException {
        Socket client = client("127.0.0.1");
        accept(1);
        client.getOutputStream().write(new byte[] {0, 1, 7, (byte) 0xff, (byte) 0xff});
        await(() -> open() == 0);
        assertThat(sizes).containsExactly(1);
        assertThat(noise()).containsEntry("TOO_LONG", 1L);
    }

    @Test
    void whatAPacketBringsAboutInUsCostsThatPacketAlone() throws IOException {
        Socket client = client("127.0.0.1");
        accept(1);
        client.getOutputStream().write(new byte[] {0, 1, FATAL, 0, 2, 7, 7, 0, 1, FATAL, 0, 3, 7, 7, 7});
        await(() -> sizes.size() == 4);
        assertThat(sizes).containsExactly(1, 2, 1, 3);
        assertThat(faults).hasSize(2);
        assertThat(open()).isEqualTo(1);
    }

    @Test
    void whoDoesNotReadIsClosedAndUntilThenTheOldestPacketsAreDropped() throws IOException {
        Socket client = client("127.0.0.1");
        accept(1);
        client.getOutputStream().write(new byte[] {0, 1, 7});
        await(() -> sizes.size() == 1);
        int index = senders.getFirst().index();
        long began = -1;
        boolean isThere = true;
        for (int i = 0; i < 1_000_000 && isThere; i++) {
            now += 20_000_000;
            isThere = connections.send(index, packet, 0, 200, now);
            if (began < 0 && connections.snapshot().dropped() > 0) {
                began = now;
            }
        }
        assertThat(isThere).isFalse();
        assertThat(noise()).containsEntry("STALLED", 1L);
        assertThat(now - began).isBetween(TcpConnections.STALLED_NANOS * 9 / 10, TcpConnections.STALLED_NANOS * 2);
    }

    @Test
    void aNumberIsNotThatOfTheNextConnection() throws IOException {
        client("127.0.0.1").getOutputStream().write(new byte[] {0, 1, 7});
        accept(1);
        await(() -> sizes.size() == 1);
        now = TcpConnections.CHECK_WITHIN_NANOS;
        connections.onTime(now);
        client("127.0.0.1").getOutputStream().write(new byte[] {0, 1, 7});
        accept(1);
        await(() -> sizes.size() == 2);
        assertThat(senders.get(1).index())
                .isNegative()
                .isNotEqualTo(senders.get(0).index());
        assertThat(connections.send(senders.get(0).index(), packet, 0, 10, now)).isFalse();
        assertThat(connections.send(senders.get(1).index(), packet, 0, 10, now)).isTrue();
    }

    private Socket client(String from) throws IOException {
        InetSocketAddress to = (InetSocketAddress) listener.getLocalAddress();
        Socket client = new Socket(to.getAddress(), to.getPort(), InetAddress.ofLiteral(from), 0);
        clients.add(client);
        return client;
    }

    /** So many have connected: the kernel has them ready, or will in a moment. */
    private void accept(int count) throws IOException {
        long before = connections.snapshot().accepted();
        await(() -> connections.snapshot().accepted() == before + count);
    }

    private interface Question {
        boolean isSo() throws IOException;
    }

    private void await(Question question) throws IOException {
        for (int i = 0; i < 5_000 && !question.isSo(); i++) {
            selector.select(10);
            look();
        }
        assertThat(question.isSo()).isTrue();
    }

    private void look() throws IOException {
        selector.selectNow(key -> {
            if (key.attachment() instanceof TcpConnection connection) {
                connections.onReady(connection, key, now);
            } else if (key.isAcceptable()) {
                connections.onAcceptable((ServerSocketChannel) key.channel(), now);
            }
        });
    }

    private long open() {
        return connections.snapshot().open();
    }

    @SuppressWarnings("unchecked") // the shape of debugState
    private Map<String, Object> noise() {
        return (Map<String, Object>) requireNonNull(connections.debugState().get("noise"));
    }

    private final class Arrivals implements TcpConnections.Arrivals {
        @Override
        public void onPacket(TcpConnection from, int size, long at) {
            senders.add(from);
            sizes.add(size);
            if (packet[0] == FATAL) {
                throw new IllegalStateException("a fault of ours");
            }
        }

        @Override
        public void onLost(CallMedia call, IcePath path, long at) {
            throw new AssertionError("no call was ever there");
        }

        @Override
        public void onFault(Throwable failure) {
            faults.add(failure);
        }
    }
}
