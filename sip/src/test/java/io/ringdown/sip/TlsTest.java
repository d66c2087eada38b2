package io.ringdown.sip;

import static io.ringdown.evidence.Row.TRANSPORTS;
import static io.ringdown.sip.Certificates.dns;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringdown.evidence.Shows;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** SIP over TLS (RFC 3261 26.2, 5922) with openssl at the other end. */
@Shows(TRANSPORTS)
final class TlsTest {
    private static final String NAME = "sip.example.net";

    @TempDir
    Path folder;

    private final Certificates authority = new Certificates();

    @BeforeEach
    void writeOurs() {
        authority.writeCa(folder.resolve("ca.pem"));
        Certificates.write(folder, "ours", authority.leaf("ours", dns("gw.example.com")));
        Certificates.write(folder, "theirs", authority.leaf("theirs", dns(NAME)));
    }

    private Path file(String name) {
        return folder.resolve(name);
    }

    private SipSettings settings(ListenTls.ClientCertificate clients) {
        SipSettings usual = Gateway.settings();
        Optional<Path> ca =
                clients == ListenTls.ClientCertificate.NONE ? Optional.empty() : Optional.of(file("ca.pem"));
        ListenTls tls = new ListenTls(file("ours.pem"), file("ours.key"), clients, ca);
        List<ListenAddress> listen = new ArrayList<>(usual.listen());
        listen.add(new ListenAddress(Sipp.LOOPBACK, 0, Set.of(SipTransport.TLS), Optional.empty(), Optional.of(tls)));
        return usual.withListen(listen).withPerSource(usual.maxMessagesPerSecond(), 128);
    }

    private TrunkSettings trunk(int port, Optional<Path> certificate, Optional<Path> key) {
        return TrunkSettings.at(TrunkAddress.parse("127.0.0.1:" + port + ";transport=tls"))
                .withTls(new TlsSettings(Optional.of(file("ca.pem")), certificate, key, Optional.of(NAME), false));
    }

    private TrunkSettings trunkThatMayHaveWildcards(int port) {
        TlsSettings strict = trunk(port, Optional.empty(), Optional.empty()).tls();
        return trunk(port, Optional.empty(), Optional.empty())
                .withTls(new TlsSettings(strict.ca(), strict.certificate(), strict.key(), strict.name(), true));
    }

    private Gateway gateway(int port) {
        return Gateway.with(
                settings(ListenTls.ClientCertificate.NONE), trunk(port, Optional.empty(), Optional.empty()));
    }

    private static int tlsPort(Gateway gateway) {
        return gateway.trunks().boundAddresses().get(1).getPort();
    }

    private static String options(String id, String transport) {
        return """
                OPTIONS sip:127.0.0.1 SIP/2.0
                Via: SIP/2.0/%2$s 127.0.0.1:5061;branch=z9hG4bK%1$s;rport
                From: <sip:a@127.0.0.1>;tag=f%1$s
                To: <sip:127.0.0.1>
                Call-ID: c%1$s@127.0.0.1
                CSeq: 1 OPTIONS
                Max-Forwards: 70
                Content-Length: 0

                """.formatted(id, transport).replace("\n", "\r\n");
    }

    private String server(String name) {
        return file(name).toString();
    }

    private Openssl server(int port, String certificate, String... more) {
        List<String> arguments = new ArrayList<>(
                List.of("-cert", server(certificate + ".pem"), "-key", server(certificate + ".key"), "-naccept", "1"));
        arguments.addAll(List.of(more));
        return Openssl.server(port, arguments.toArray(String[]::new));
    }

    private TrunkFailure failure(String certificate, String... more) {
        int port = Sipp.freePort();
        try (Openssl ignored = server(port, certificate, more);
                Gateway gateway = gateway(port)) {
            Events events = new Events();
            gateway.call(events);
            TrunkFailure failure = events.until(TrunkEvent.Failed.class).failure();
            assertThat(ignored.output()).doesNotContain("INVITE");
            return failure;
        }
    }

    private static String detail(TrunkFailure failure) {
        assertThat(failure).isInstanceOf(TrunkFailure.Unreachable.class);
        return ((TrunkFailure.Unreachable) failure).detail();
    }

    @ParameterizedTest
    @CsvSource({"-tls1_2, CIPHER is ECDHE", "-tls1_3, CIPHER is TLS_"})
    void callGoesOutAndItsAnswerComesBackByTheSameConnection(String version, String shown) {
        int port = Sipp.freePort();
        try (Openssl carrier = server(port, "theirs", version);
                Gateway gateway = gateway(port)) {
            Events events = new Events();
            gateway.call(events);
            String invite = carrier.await("a=rtpmap:101");
            assertThat(invite)
                    .contains(shown)
                    .contains("INVITE sip:+12025550100@127.0.0.1:" + port + ";transport=tls SIP/2.0")
                    .contains("Via: SIP/2.0/TLS 127.0.0.1:" + tlsPort(gateway))
                    .containsPattern("Contact: <sip:127.0.0.1:" + tlsPort(gateway) + ";transport=tls>");
            carrier.say("SIP/2.0 486 Busy Here\r\n" + header(invite, "Via") + header(invite, "From")
                    + header(invite, "To").replace("\r\n", ";tag=x\r\n") + header(invite, "Call-ID")
                    + header(invite, "CSeq") + "Content-Length: 0\r\n\r\n");
            assertThat(events.until(TrunkEvent.Failed.class).failure())
                    .isEqualTo(new TrunkFailure.Refused(486, OptionalInt.empty()));
            carrier.await("ACK sip:");
        }
    }

    private static String header(String message, String name) {
        Matcher line = Pattern.compile("(?m)^" + name + ": .*$").matcher(message);
        assertThat(line.find()).as(name).isTrue();
        return line.group().strip() + "\r\n";
    }

    @Test
    void nameIsSaidInTheHandshakeAndChoosesTheCertificate() {
        Certificates.write(folder, "other", authority.leaf("other", dns("other.example")));
        int port = Sipp.freePort();
        try (Openssl carrier = server(
                        port,
                        "other",
                        "-servername",
                        NAME,
                        "-cert2",
                        server("theirs.pem"),
                        "-key2",
                        server("theirs.key"));
                Gateway gateway = gateway(port)) {
            gateway.call(new Events());
            carrier.await("INVITE sip:");
        }
    }

    @Test
    void certificateForAnotherNameIsRefused() {
        Certificates.write(folder, "other", authority.leaf(NAME, dns("evil.example")));
        assertThat(detail(failure("other")))
                .isEqualTo("not sent: TLS: the peer's certificate is for evil.example, not for " + NAME);
    }

    @Test
    void wildcardIsRefusedUnlessTheTrunkMayHaveIt() {
        Certificates.write(folder, "wild", authority.leaf("wild", dns("*.example.net")));
        assertThat(detail(failure("wild")))
                .isEqualTo("not sent: TLS: the peer's certificate is for *.example.net, not for " + NAME);
        int port = Sipp.freePort();
        try (Openssl carrier = server(port, "wild");
                Gateway gateway =
                        Gateway.with(settings(ListenTls.ClientCertificate.NONE), trunkThatMayHaveWildcards(port))) {
            gateway.call(new Events());
            carrier.await("INVITE sip:");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"*.net", "*.org.example.net", "*.example.org"})
    void wildcardForMoreOrForOthersIsRefusedInAnyCase(String certified) {
        Certificates.write(folder, "wild", authority.leaf("wild", dns(certified)));
        int port = Sipp.freePort();
        try (Openssl carrier = server(port, "wild");
                Gateway gateway =
                        Gateway.with(settings(ListenTls.ClientCertificate.NONE), trunkThatMayHaveWildcards(port))) {
            Events events = new Events();
            gateway.call(events);
            assertThat(detail(events.until(TrunkEvent.Failed.class).failure()))
                    .isEqualTo("not sent: TLS: the peer's certificate is for " + certified + ", not for " + NAME);
            assertThat(carrier.output()).doesNotContain("INVITE");
        }
    }

    @Test
    void certificateOfAnUnknownCaIsRefused() {
        Certificates.write(folder, "other", new Certificates("Unknown").leaf("other", dns(NAME)));
        assertThat(detail(failure("other")))
                .isEqualTo("not sent: TLS: the peer's certificate is of a CA that is not trusted");
    }

    @Test
    void certificateThatHasExpiredIsRefused() {
        Certificates.write(folder, "old", authority.leaf("old", Instant.now().minusSeconds(86_400), dns(NAME)));
        assertThat(detail(failure("old"))).isEqualTo("not sent: TLS: the peer's certificate has expired");
    }

    @Test
    void olderTlsIsRefused() {
        assertThat(detail(failure("theirs", "-tls1_1", "-cipher", "ALL:@SECLEVEL=0")))
                .startsWith("not sent: TLS: ");
    }

    @Test
    void carrierThatWantsACertificateGetsOurs() {
        int port = Sipp.freePort();
        TrunkSettings trunk = trunk(port, Optional.of(file("ours.pem")), Optional.of(file("ours.key")));
        try (Openssl carrier = server(port, "theirs", "-Verify", "2", "-CAfile", server("ca.pem"));
                Gateway gateway = Gateway.with(settings(ListenTls.ClientCertificate.NONE), trunk)) {
            gateway.call(new Events());
            assertThat(carrier.await("INVITE sip:")).contains("CN = ours");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"-tls1_2", "-tls1_3"})
    void carrierThatGetsNoCertificateAndWantsOneIsUnreachableAtOnce(String version) {
        int port = Sipp.freePort();
        try (Openssl carrier = server(port, "theirs", version, "-Verify", "2", "-CAfile", server("ca.pem"));
                Gateway gateway = gateway(port)) {
            Events events = new Events();
            gateway.call(events);
            detail(events.until(TrunkEvent.Failed.class).failure());
            assertThat(carrier.output()).doesNotContain("INVITE");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"-tls1_2", "-tls1_3"})
    void registrarThatGetsNoCertificateAndWantsOneIsNotWaitedFor(String version) {
        int port = Sipp.freePort();
        TrunkSettings trunk = trunk(port, Optional.empty(), Optional.empty())
                .withCredentials("user", new Secret("pass"), Optional.empty())
                .withSilentAfter(Duration.ofSeconds(32))
                .withRegister(new RegisterSettings(Optional.empty(), Optional.empty(), Duration.ofMinutes(1), false));
        try (Openssl registrar = server(port, "theirs", version, "-Verify", "2", "-CAfile", server("ca.pem"));
                Gateway gateway = Gateway.with(settings(ListenTls.ClientCertificate.NONE), trunk)) {
            LocatedTrunkSippTest.await(() -> !lastFailureToRegister(gateway).isEmpty());
            assertThat(lastFailureToRegister(gateway)).startsWith("it could not be sent: ");
            assertThat(registrar.output()).doesNotContain("REGISTER");
        }
    }

    private static String lastFailureToRegister(Gateway gateway) {
        Map<?, ?> registration =
                (Map<?, ?>) Objects.requireNonNull(gateway.trunk("peer").get("registration"));
        return Objects.toString(registration.get("last-failure"), "");
    }

    @ParameterizedTest
    @CsvSource({"-tls1_2, TLSv1.2", "-tls1_3, TLSv1.3"})
    void clientIsServedByBothVersions(String version, String shown) {
        try (Gateway gateway = gateway(Sipp.freePort());
                Openssl client = Openssl.client(
                        tlsPort(gateway),
                        version,
                        "-servername",
                        "gw.example.com",
                        "-verify_hostname",
                        "gw.example.com",
                        "-verify_return_error",
                        "-CAfile",
                        server("ca.pem"),
                        "-ign_eof")) {
            client.say(options("one", "TLS"));
            assertThat(client.await("SIP/2.0 200")).contains(shown, "Verify return code: 0");
            client.say(options("two", "TCP"));
            client.say("\r\n\r\n");
            client.say(options("three", "TLS"));
            assertThat(client.await("cthree@"))
                    .as("a Via of another transport is refused")
                    .contains("SIP/2.0 400")
                    .containsSubsequence("SIP/2.0 400", "ctwo@", "SIP/2.0 200", "cthree@");
        }
    }

    @Test
    void olderClientIsRefused() {
        try (Gateway gateway = gateway(Sipp.freePort());
                Openssl client = Openssl.client(tlsPort(gateway), "-tls1_1", "-cipher", "ALL:@SECLEVEL=0")) {
            assertThat(client.awaitEnd()).contains("alert protocol version");
            assertThat(gateway.counter("tls-refused")).isOne();
        }
    }

    @Test
    void clientThatMustShowACertificateIsATrunk() {
        Certificates.write(folder, "stranger", authority.leaf("stranger", dns("stranger.example")));
        TrunkSettings trunk = trunk(Sipp.freePort(), Optional.empty(), Optional.empty());
        try (Gateway gateway = Gateway.with(settings(ListenTls.ClientCertificate.REQUIRE), trunk)) {
            try (Openssl client = withCertificate(gateway, "theirs")) {
                client.say(options("one", "TLS"));
                client.await("SIP/2.0 200");
            }
            try (Openssl client = withCertificate(gateway, "stranger")) {
                client.awaitEnd();
            }
            try (Openssl client = Openssl.client(tlsPort(gateway), "-ign_eof")) {
                client.awaitEnd();
            }
            assertThat(gateway.counter("tls-refused")).isEqualTo(2);
        }
    }

    @Test
    void clientWithAWildcardIsATrunkWhereThatMayHaveIt() {
        Certificates.write(folder, "wild", authority.leaf("wild", dns("*.example.net")));
        SipSettings asking = settings(ListenTls.ClientCertificate.REQUIRE);
        try (Gateway gateway = Gateway.with(asking, trunk(Sipp.freePort(), Optional.empty(), Optional.empty()));
                Openssl client = withCertificate(gateway, "wild")) {
            client.awaitEnd();
            assertThat(gateway.counter("tls-refused")).isOne();
        }
        try (Gateway gateway = Gateway.with(asking, trunkThatMayHaveWildcards(Sipp.freePort()));
                Openssl client = withCertificate(gateway, "wild")) {
            client.say(options("one", "TLS"));
            client.await("SIP/2.0 200");
        }
    }

    private Openssl withCertificate(Gateway gateway, String name) {
        return Openssl.client(
                tlsPort(gateway), "-cert", server(name + ".pem"), "-key", server(name + ".key"), "-ign_eof");
    }

    @Test
    void strangerIsClosedBeforeItsHandshake() throws IOException {
        TrunkSettings elsewhere = TrunkSettings.at(TrunkAddress.parse("127.0.0.9:5061;transport=tls"));
        try (Gateway gateway = Gateway.with(settings(ListenTls.ClientCertificate.NONE), elsewhere);
                Socket stranger = new Socket(Sipp.LOOPBACK, tlsPort(gateway))) {
            stranger.setSoTimeout(30_000);
            assertThat(stranger.getInputStream().read()).isEqualTo(-1);
            assertThat(gateway.counter("dropped-unknown-source")).isOne();
            assertThat(gateway.counter("tls-refused")).isZero();
        }
    }

    @Test
    void newCertificateIsShownToWhoConnectsAndDisturbsNobodyElse() throws IOException {
        try (Gateway gateway = gateway(Sipp.freePort());
                Openssl before = Openssl.client(tlsPort(gateway), "-ign_eof")) {
            assertThat(before.await("CN = ours")).contains("CN = ours");
            Files.writeString(file("ours.key"), "half a k");
            Certificates.write(folder, "ours", authority.leaf("renewed", dns("gw.example.com")));
            Files.setLastModifiedTime(
                    file("ours.key"), FileTime.from(Instant.now().plusSeconds(9)));
            String shown = "";
            Instant until = Instant.now().plusSeconds(60);
            while (!shown.contains("CN = renewed") && Instant.now().isBefore(until)) {
                try (Openssl after = Openssl.client(tlsPort(gateway), "-ign_eof")) {
                    shown = after.await("Verify return code");
                }
                LockSupport.parkNanos(500_000_000);
            }
            assertThat(shown).contains("CN = renewed");
            before.say(options("old", "TLS"));
            before.await("SIP/2.0 200");
        }
    }

    @Test
    void unusableFilesAreToldAtStart() throws IOException {
        Certificates.write(folder, "old", authority.leaf("old", Instant.now().minusSeconds(60), dns("gw.example.com")));
        Files.writeString(file("broken.pem"), "nothing");
        assertThatThrownBy(() -> startWith("old.pem", "old.key"))
                .hasMessageContainingAll("sip.listen.tls: ", "old.pem: has expired", "renew it");
        assertThatThrownBy(() -> startWith("ours.pem", "theirs.key"))
                .hasMessageContainingAll("theirs.key: is not the key of the certificate", "ours.pem");
        assertThatThrownBy(() -> startWith("broken.pem", "ours.key")).hasMessageContaining("broken.pem: holds no");
        Files.writeString(file("broken.key"), "-----BEGIN PRIVATE KEY-----\n%%%%\n-----END PRIVATE KEY-----\n");
        assertThatThrownBy(() -> startWith("ours.pem", "broken.key")).hasMessageContaining("broken.key: ");
        assertThatThrownBy(() -> startWith("gone.pem", "ours.key")).hasMessageContaining("gone.pem: does not exist");
        TrunkSettings trunk = TrunkSettings.at(TrunkAddress.parse("sips:sip.example.net"))
                .withTls(new TlsSettings(
                        Optional.of(file("broken.pem")), Optional.empty(), Optional.empty(), Optional.empty(), false));
        assertThatThrownBy(() -> SipTrunks.start(
                                settings(ListenTls.ClientCertificate.NONE), Map.of("peer", trunk), (_, _) -> _ -> {})
                        .close())
                .isInstanceOf(SipStartException.class)
                .hasMessageContaining("trunks.peer.sip.tls: " + file("broken.pem"));
    }

    private void startWith(String certificate, String key) throws SipStartException {
        ListenTls tls = new ListenTls(file(certificate), file(key), ListenTls.ClientCertificate.NONE, Optional.empty());
        ListenAddress address =
                new ListenAddress(Sipp.LOOPBACK, 0, Set.of(SipTransport.TLS), Optional.empty(), Optional.of(tls));
        SipTrunks.start(SipSettings.defaults().withListen(List.of(address)), Map.of(), (_, _) -> _ -> {})
                .close();
    }

    /** 64 that begin and say nothing more, and as many that say something else: nobody else waits for them. */
    @Test
    void handshakesThatHangOrAreNoneHoldNobodyUp() throws IOException {
        long seed = Long.getLong("ringdown.seed", System.nanoTime());
        Random random = new Random(seed);
        List<Socket> hanging = new ArrayList<>();
        // The head of a ClientHello's record, and nothing of it.
        byte[] half = {22, 3, 1, 1, 0, 1, 0, 0, (byte) 252, 3, 3};
        try (DatagramSocket socket = new DatagramSocket(0, Sipp.LOOPBACK);
                Gateway gateway = gateway(Sipp.freePort())) {
            socket.setSoTimeout(1000);
            for (int i = 0; i < 64; i++) {
                Socket hangs = new Socket(Sipp.LOOPBACK, tlsPort(gateway));
                hangs.getOutputStream().write(half);
                hanging.add(hangs);
                assertAnswers(socket, gateway.port(), "h" + i);
                try (Socket garbage = new Socket(Sipp.LOOPBACK, tlsPort(gateway))) {
                    byte[] bytes = new byte[1 + random.nextInt(2000)];
                    random.nextBytes(bytes);
                    garbage.getOutputStream().write(bytes);
                }
                assertAnswers(socket, gateway.port(), "g" + i);
            }
            try (Openssl client = Openssl.client(tlsPort(gateway), "-ign_eof")) {
                client.say(options("after", "TLS"));
                client.await("SIP/2.0 200");
            }
            for (Socket hangs : hanging) {
                hangs.setSoTimeout(30_000);
                while (hangs.getInputStream().read() >= 0) {
                    // an alert, perhaps
                }
            }
            assertThat(gateway.counter("bugs")).as("seed %d", seed).isZero();
        } finally {
            for (Socket hangs : hanging) {
                hangs.close();
            }
        }
    }

    private static void assertAnswers(DatagramSocket socket, int target, String id) throws IOException {
        byte[] bytes = options(id, "UDP").getBytes(StandardCharsets.ISO_8859_1);
        DatagramPacket packet = new DatagramPacket(new byte[4096], 4096);
        for (int attempt = 0; attempt < 20; attempt++) {
            socket.send(new DatagramPacket(bytes, bytes.length, Sipp.LOOPBACK, target));
            try {
                do {
                    packet.setLength(4096);
                    socket.receive(packet);
                } while (!new String(packet.getData(), 0, packet.getLength(), StandardCharsets.ISO_8859_1)
                        .contains("c" + id + "@"));
                return;
            } catch (SocketTimeoutException e) {
                assertThat(attempt).as("tries to be answered").isLessThan(19);
            }
        }
    }
}
