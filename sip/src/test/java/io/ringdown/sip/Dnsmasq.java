package io.ringdown.sip;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringdown.evidence.Peer;
import io.ringdown.evidence.Peers;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;

/** dnsmasq as the DNS server for the domain {@code test}. Missing dnsmasq fails the test. */
final class Dnsmasq implements AutoCloseable {
    private static final byte[] ASK_A_OF_TEST = {
        0, 1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 4, 't', 'e', 's', 't', 0, 0, 1, 0, 1
    };

    private final Process process;
    private final int port;

    private Dnsmasq(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /** Serves these records, in the words of its options without the dashes. */
    static Dnsmasq serving(int ttlSeconds, String... records) {
        return on(Sipp.freePort(), ttlSeconds, records);
    }

    static Dnsmasq on(int port, int ttlSeconds, String... records) {
        Path program = Path.of("/usr/sbin/dnsmasq");
        assertThat(program).as("install the package dnsmasq-base").exists();
        List<String> command = new ArrayList<>(List.of(
                program.toString(),
                "--keep-in-foreground",
                "--conf-file=/dev/null",
                "--port=" + port,
                "--listen-address=127.0.0.1",
                "--bind-interfaces",
                "--no-resolv",
                "--no-hosts",
                "--pid-file=",
                "--user=",
                "--group=",
                "--local=/test/",
                "--local-ttl=" + ttlSeconds));
        for (String record : records) {
            command.add("--" + record);
        }
        try {
            Path log = Files.createTempFile("dnsmasq", ".log");
            log.toFile().deleteOnExit();
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
            Peers.met(Peer.DNSMASQ);
            Dnsmasq server = new Dnsmasq(process, port);
            server.awaitAnswer(log);
            return server;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private void awaitAnswer(Path log) throws IOException {
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.setSoTimeout(100);
            for (int i = 0; i < 100 && process.isAlive(); i++) {
                socket.send(new DatagramPacket(
                        ASK_A_OF_TEST, ASK_A_OF_TEST.length, new InetSocketAddress(Sipp.LOOPBACK, port)));
                try {
                    socket.receive(new DatagramPacket(new byte[512], 512));
                    return;
                } catch (SocketTimeoutException e) {
                    assertThat(process.isAlive()).isTrue();
                }
            }
        }
        throw new AssertionError("dnsmasq does not answer: " + Files.readString(log, StandardCharsets.UTF_8));
    }

    int port() {
        return port;
    }

    /** As {@code sip.dns} has it. */
    HostPort address() {
        return new HostPort("127.0.0.1", OptionalInt.of(port));
    }

    @Override
    public void close() {
        process.destroyForcibly();
        try {
            process.waitFor(5, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
