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
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * Kamailio as a registrar, as a proxy or as a collector of HEP: a peer that nobody of this project has written. Missing Kamailio fails the
 * test.
 */
final class Kamailio implements AutoCloseable {
    private static final String TABLE = "sip_capture";
    private static final String CONTROL = "control";

    private final Process process;
    private final Path directory;
    private final int port;
    private int asked;

    private Kamailio(Process process, Path directory, int port) {
        this.process = process;
        this.directory = directory;
        this.port = port;
    }

    static Kamailio registrar(String algorithm) {
        Kamailio made = start(
                "registrar", text -> text.replace("\"algorithm\", ALGORITHM", "\"algorithm\", \"" + algorithm + "\""));
        LocatedTrunkSippTest.await(() -> {
            assertThat(made.process.isAlive()).as(made.log()).isTrue();
            return made.whereIs("nobody").startsWith("SIP/2.0 404");
        });
        return made;
    }

    /** As a collector of HEP, which keeps a table of what it has read. */
    static Kamailio collector() {
        Kamailio made = start("collector", text -> text);
        LocatedTrunkSippTest.await(() -> {
            assertThat(made.process.isAlive()).as(made.log()).isTrue();
            return Sipp.isBound(made.port);
        });
        return made;
    }

    /** As a proxy that stays in the way of the calls to this port of 127.0.0.1, reached by UDP or TCP. */
    static Kamailio proxyTo(int callee) {
        Kamailio made = start("proxy", text -> text.replace("sip:CALLEE", "sip:127.0.0.1:" + callee));
        LocatedTrunkSippTest.await(() -> {
            assertThat(made.process.isAlive()).as(made.log()).isTrue();
            return made.whereIs("nobody").startsWith("SIP/2.0 200");
        });
        return made;
    }

    private static Kamailio start(String name, UnaryOperator<String> filledIn) {
        try {
            Path program = Path.of("/usr/sbin/kamailio");
            assertThat(program).as("install the package kamailio").exists();
            int port = Sipp.freePort();
            Path directory = Files.createTempDirectory("kamailio");
            Path config = directory.resolve("kamailio.cfg");
            String text = Files.readString(Path.of("src/test/resources/kamailio/" + name + ".cfg"))
                    .replace(":LISTEN", ":127.0.0.1:" + port)
                    .replace("mpath=MODULES", "mpath=\"" + modules() + "\"")
                    .replace("text://TABLES", "text://" + directory)
                    .replace("unix:CONTROL", "unix:" + directory.resolve(CONTROL));
            Files.writeString(config, filledIn.apply(text));
            Files.writeString(directory.resolve(TABLE), CapturedMessage.columns());
            Process process = new ProcessBuilder(
                            program.toString(),
                            "-f",
                            config.toString(),
                            "-DD",
                            "-E",
                            "-m",
                            "32",
                            "-Y",
                            directory.toString(),
                            "-P",
                            directory.resolve("pid").toString())
                    .redirectErrorStream(true)
                    .redirectOutput(directory.resolve("log").toFile())
                    .start();
            Peers.met(Peer.KAMAILIO, name);
            return new Kamailio(process, directory, port);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static String modules() throws IOException {
        try (Stream<Path> found =
                Files.find(Path.of("/usr/lib"), 4, (path, attributes) -> path.endsWith("kamailio/modules"))) {
            return found.findFirst().orElseThrow(() -> new AssertionError("Kamailio's modules are not installed"))
                    + "/";
        }
    }

    int port() {
        return port;
    }

    /** Waits until it has read so many messages out of HEP, and tells them in no order. */
    List<CapturedMessage> captured(int count) {
        LocatedTrunkSippTest.await(() -> log().split("heard: ", -1).length > count);
        AtomicReference<List<CapturedMessage>> written = new AtomicReference<>(List.of());
        LocatedTrunkSippTest.await(
                () -> { // a message is heard before it is in the table
                    writeTables();
                    written.set(table());
                    return written.get().size() >= count;
                });
        return written.get();
    }

    private void writeTables() {
        try {
            Process asked = new ProcessBuilder(
                            "/usr/sbin/kamcmd", "-s", "unix:" + directory.resolve(CONTROL), "db_text.dump")
                    .redirectErrorStream(true)
                    .start();
            String said = new String(asked.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(asked.waitFor()).as(said).isZero();
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private List<CapturedMessage> table() {
        try {
            return Files.readAllLines(directory.resolve(TABLE), StandardCharsets.UTF_8).stream()
                    .skip(1)
                    .map(CapturedMessage::of)
                    .toList();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    String log() {
        try {
            return Files.readString(directory.resolve("log"), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return e.toString();
        }
    }

    /** Its answer to the question where this user is; empty where there is none. */
    String whereIs(String user) {
        try (DatagramSocket socket = new DatagramSocket(0, Sipp.LOOPBACK)) {
            socket.setSoTimeout(1000);
            asked++;
            String request = """
                    OPTIONS sip:%s@127.0.0.1 SIP/2.0
                    Via: SIP/2.0/UDP 127.0.0.1:%d;branch=z9hG4bKask%d
                    From: <sip:test@127.0.0.1>;tag=t%d
                    To: <sip:%s@127.0.0.1>
                    Call-ID: ask%d
                    CSeq: 1 OPTIONS
                    Max-Forwards: 70
                    Content-Length: 0

                    """.formatted(user, socket.getLocalPort(), asked, asked, user, asked)
                    .replace("\n", "\r\n");
            byte[] bytes = request.getBytes(StandardCharsets.UTF_8);
            socket.send(new DatagramPacket(bytes, bytes.length, new InetSocketAddress(Sipp.LOOPBACK, port)));
            DatagramPacket answer = new DatagramPacket(new byte[4096], 4096);
            socket.receive(answer);
            return new String(answer.getData(), 0, answer.getLength(), StandardCharsets.UTF_8);
        } catch (SocketTimeoutException e) {
            return "";
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        end();
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private void end() {
        process.destroy();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
