package io.ringdown.media;

import io.ringdown.media.srtp.SrtpKeys;
import io.ringdown.media.srtp.SrtpProfile;
import io.ringdown.media.srtp.SrtpSession;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Date;
import java.util.Hashtable;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.crypto.AsymmetricCipherKeyPair;
import org.bouncycastle.crypto.generators.ECKeyPairGenerator;
import org.bouncycastle.crypto.params.ECKeyGenerationParameters;
import org.bouncycastle.crypto.params.ECNamedDomainParameters;
import org.bouncycastle.crypto.util.SubjectPublicKeyInfoFactory;
import org.bouncycastle.operator.DefaultDigestAlgorithmIdentifierFinder;
import org.bouncycastle.operator.DefaultSignatureAlgorithmIdentifierFinder;
import org.bouncycastle.operator.bc.BcECContentSignerBuilder;
import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.Certificate;
import org.bouncycastle.tls.CertificateEntry;
import org.bouncycastle.tls.CertificateRequest;
import org.bouncycastle.tls.CipherSuite;
import org.bouncycastle.tls.ClientCertificateType;
import org.bouncycastle.tls.DTLSClientProtocol;
import org.bouncycastle.tls.DTLSServerProtocol;
import org.bouncycastle.tls.DTLSTransport;
import org.bouncycastle.tls.DatagramTransport;
import org.bouncycastle.tls.DefaultTlsClient;
import org.bouncycastle.tls.DefaultTlsServer;
import org.bouncycastle.tls.HashAlgorithm;
import org.bouncycastle.tls.ProtocolVersion;
import org.bouncycastle.tls.SignatureAlgorithm;
import org.bouncycastle.tls.SignatureAndHashAlgorithm;
import org.bouncycastle.tls.TlsAuthentication;
import org.bouncycastle.tls.TlsContext;
import org.bouncycastle.tls.TlsCredentialedSigner;
import org.bouncycastle.tls.TlsCredentials;
import org.bouncycastle.tls.TlsFatalAlert;
import org.bouncycastle.tls.TlsSRTPUtils;
import org.bouncycastle.tls.TlsServerCertificate;
import org.bouncycastle.tls.TlsUtils;
import org.bouncycastle.tls.UseSRTPData;
import org.bouncycastle.tls.crypto.TlsCryptoParameters;
import org.bouncycastle.tls.crypto.impl.bc.BcDefaultTlsCredentialedSigner;
import org.bouncycastle.tls.crypto.impl.bc.BcTlsCertificate;
import org.bouncycastle.tls.crypto.impl.bc.BcTlsCrypto;
import org.jspecify.annotations.Nullable;

/**
 * What a browser does on the network, for tests: full ICE towards one candidate, DTLS as a client, SRTP. Its STUN and DTLS are
 * its own and not ours. Methods are for the test's thread; datagrams are sorted by a thread of its own.
 */
final class BrowserPeer implements AutoCloseable {
    private static final int WAIT_SECONDS = 10;
    private static final Pattern CANDIDATE =
            Pattern.compile("a=candidate:\\S+ 1 udp \\d+ (\\S+) (\\d+) typ host", Pattern.CASE_INSENSITIVE);

    private final SecureRandom random = new SecureRandom();
    private final BcTlsCrypto crypto = new BcTlsCrypto(random);
    private final AsymmetricCipherKeyPair pair;
    private final byte[] certificate;
    private final LinkedBlockingQueue<byte[]> stun = new LinkedBlockingQueue<>();
    private final LinkedBlockingQueue<byte[]> dtls = new LinkedBlockingQueue<>();
    private final LinkedBlockingQueue<byte[]> srtp = new LinkedBlockingQueue<>();
    private static final Pattern PASSIVE =
            Pattern.compile("a=candidate:\\S+ 1 tcp \\d+ (\\S+) (\\d+) typ host tcptype passive");

    private DatagramSocket socket;
    private @Nullable Socket stream;
    private @Nullable InetSocketAddress passive;
    private long origin = 4_611_731_400_430_051_336L;
    private String ufrag = "brow";
    private String password = "browserbrowserbrowserbr";
    private String theirUfrag = "";
    private String theirPassword = "";
    private String theirFingerprint = "";
    private volatile @Nullable InetSocketAddress gateway;
    private int[] profiles = {1, 8, 7}; // in Chromium's order
    private @Nullable SrtpSession session;
    private @Nullable DTLSTransport association;
    private boolean closedByGateway;
    private boolean isServer;

    BrowserPeer() throws Exception {
        this(InetAddress.getLoopbackAddress());
    }

    /** The same page, loaded anew: a peer connection of its own, with the certificate that the page has kept. */
    BrowserPeer reloaded() throws Exception {
        BrowserPeer next = new BrowserPeer(socket.getLocalAddress(), pair, certificate);
        next.loadedAnew();
        return next;
    }

    /** Another page than those before: another origin, other credentials. */
    BrowserPeer loadedAnew() {
        origin = random.nextLong(1, Long.MAX_VALUE);
        restartIce();
        return this;
    }

    private BrowserPeer(InetAddress local, AsymmetricCipherKeyPair pair, byte[] certificate) throws IOException {
        this.pair = pair;
        this.certificate = certificate;
        socket = new DatagramSocket(0, local);
        listen(socket);
    }

    BrowserPeer(InetAddress local) throws Exception {
        ECKeyPairGenerator generator = new ECKeyPairGenerator();
        generator.init(
                new ECKeyGenerationParameters(ECNamedDomainParameters.lookup(SECObjectIdentifiers.secp256r1), random));
        pair = generator.generateKeyPair();
        var signature = new DefaultSignatureAlgorithmIdentifierFinder().find("SHA256withECDSA");
        var digest = new DefaultDigestAlgorithmIdentifierFinder().find(signature);
        X500Name name = new X500Name("CN=WebRTC");
        certificate = new X509v3CertificateBuilder(
                        name,
                        BigInteger.TEN,
                        Date.from(Instant.now().minusSeconds(100)),
                        Date.from(Instant.now().plusSeconds(10_000)),
                        name,
                        SubjectPublicKeyInfoFactory.createSubjectPublicKeyInfo(pair.getPublic()))
                .build(new BcECContentSignerBuilder(signature, digest).build(pair.getPrivate()))
                .getEncoded();
        socket = new DatagramSocket(0, local);
        listen(socket);
    }

    /** Offers these SRTP profiles instead of all. */
    BrowserPeer profiles(int... numbers) {
        profiles = numbers.clone();
        return this;
    }

    /** The address it sends from. */
    InetSocketAddress address() {
        return (InetSocketAddress) socket.getLocalSocketAddress();
    }

    InetSocketAddress gateway() {
        InetSocketAddress known = gateway;
        if (known == null) {
            throw new IllegalStateException("no answer yet");
        }
        return known;
    }

    String offer() {
        return offer(HexFormat.ofDelimiter(":").withUpperCase().formatHex(sha256(certificate)));
    }

    /** An offer in Chromium's shape with this fingerprint. */
    String offer(String fingerprint) {
        return String.join(
                "\r\n",
                "v=0",
                "o=- " + origin + " 2 IN IP4 127.0.0.1",
                "s=-",
                "t=0 0",
                "a=group:BUNDLE 0",
                "a=msid-semantic: WMS stream",
                "m=audio 9 UDP/TLS/RTP/SAVPF 111 0 8 110 126",
                "c=IN IP4 0.0.0.0",
                "a=rtcp:9 IN IP4 0.0.0.0",
                "a=ice-ufrag:" + ufrag,
                "a=ice-pwd:" + password,
                "a=ice-options:trickle",
                "a=fingerprint:sha-256 " + fingerprint,
                "a=setup:actpass",
                "a=mid:0",
                "a=sendrecv",
                "a=msid:stream track",
                "a=rtcp-mux",
                "a=rtpmap:111 opus/48000/2",
                "a=fmtp:111 minptime=10;useinbandfec=1",
                "a=rtpmap:0 PCMU/8000",
                "a=rtpmap:8 PCMA/8000",
                "a=rtpmap:110 telephone-event/48000",
                "a=rtpmap:126 telephone-event/8000",
                "a=ssrc:1234 cname:browser",
                "");
    }

    /** An answer to the gateway's offer, in Chromium's shape, with {@code a=setup} and the formats of the line as told. */
    String answer(String offer, String setup, String formats) {
        onAnswer(offer);
        isServer = setup.equals("passive");
        List<String> lines = new ArrayList<>(List.of(
                "v=0",
                "o=- " + origin + " 2 IN IP4 127.0.0.1",
                "s=-",
                "t=0 0",
                "a=group:BUNDLE 0",
                "m=audio 9 UDP/TLS/RTP/SAVPF " + formats,
                "c=IN IP4 0.0.0.0",
                "a=ice-ufrag:" + ufrag,
                "a=ice-pwd:" + password,
                "a=fingerprint:sha-256 "
                        + HexFormat.ofDelimiter(":").withUpperCase().formatHex(sha256(certificate)),
                "a=setup:" + setup,
                "a=mid:0",
                "a=sendrecv",
                "a=rtcp-mux"));
        offer.lines()
                .filter(line -> line.startsWith("a=rtpmap:") || line.startsWith("a=fmtp:"))
                .filter(line -> List.of(formats.split(" ", -1)).contains(line.replaceAll(".*:(\\d+) .*", "$1")))
                .forEach(lines::add);
        lines.add("");
        return String.join("\r\n", lines);
    }

    void onAnswer(String sdp) {
        onAnswer(sdp, 0);
    }

    /** Goes for the candidate with this number, from 0. */
    void onAnswer(String sdp, int number) {
        theirUfrag = attribute(sdp, "ice-ufrag");
        theirPassword = attribute(sdp, "ice-pwd");
        theirFingerprint = attribute(sdp, "fingerprint");
        Matcher tcp = PASSIVE.matcher(sdp);
        passive = tcp.find()
                ? new InetSocketAddress(InetAddress.ofLiteral(tcp.group(1)), Integer.parseInt(tcp.group(2)))
                : null;
        Matcher candidate = CANDIDATE.matcher(sdp);
        for (int i = 0; i <= number; i++) {
            if (!candidate.find()) {
                throw new IllegalArgumentException("no such candidate in " + sdp);
            }
        }
        gateway =
                new InetSocketAddress(InetAddress.ofLiteral(candidate.group(1)), Integer.parseInt(candidate.group(2)));
    }

    /** New credentials for the next offer. */
    void restartIce() {
        ufrag = "brw" + random.nextInt(1000, 9999);
    }

    /** Goes on from another address, as a browser that changes its network. */
    void move() throws IOException {
        DatagramSocket old = socket;
        socket = new DatagramSocket(0, old.getLocalAddress());
        listen(socket);
        old.close();
    }

    /** Connects by TCP, and sends that way from now on; what had been connected before is reset. */
    Socket goByTcp() throws IOException {
        return goByTcp(0);
    }

    /** The same from this port, 0 for any. */
    Socket goByTcp(int from) throws IOException {
        InetSocketAddress to = passive;
        if (to == null) {
            throw new IOException("no passive candidate");
        }
        loseTcp();
        Socket connected = new Socket(to.getAddress(), to.getPort(), to.getAddress(), from);
        connected.setTcpNoDelay(true);
        stream = connected;
        Thread.ofVirtual().start(() -> listen(connected));
        return connected;
    }

    /** Its connection is gone without a word. */
    void loseTcp() throws IOException {
        Socket old = stream;
        if (old != null) {
            stream = null;
            old.setSoLinger(true, 0);
            old.close();
        }
    }

    /** Where it would connect to. */
    InetSocketAddress passive() {
        InetSocketAddress known = passive;
        if (known == null) {
            throw new IllegalStateException("no passive candidate");
        }
        return known;
    }

    /** Checks until there is an answer, five times at most; true if it was success. */
    boolean check(boolean nominate) throws Exception {
        int response = -1;
        for (int i = 0; i < 5 && response < 0; i++) {
            response = response(request(nominate));
        }
        return response == 0x0101;
    }

    /** Sends this and answers the type of the response that belongs to it, or −1 after a while. */
    int response(byte[] request) throws Exception {
        stun.clear();
        send(request);
        byte[] response = stun.poll(1, TimeUnit.SECONDS);
        return response == null ? -1 : ((response[0] & 0xff) << 8) | (response[1] & 0xff);
    }

    byte[] request(boolean nominate) throws GeneralSecurityException {
        return request(theirUfrag + ':' + ufrag, theirPassword, nominate, true);
    }

    /** A Binding request with the attributes of a check. */
    byte[] request(String username, String key, boolean nominate, boolean controlling) throws GeneralSecurityException {
        ByteBuffer message = ByteBuffer.allocate(600);
        byte[] transaction = new byte[12];
        random.nextBytes(transaction);
        message.putShort((short) 1).putShort((short) 0).putInt(0x2112A442).put(transaction);
        byte[] name = username.getBytes(StandardCharsets.UTF_8);
        message.putShort((short) 6).putShort((short) name.length).put(name).put(new byte[(4 - name.length % 4) % 4]);
        message.putShort((short) 0x0024).putShort((short) 4).putInt(1853693695);
        message.putShort((short) (controlling ? 0x802a : 0x8029))
                .putShort((short) 8)
                .putLong(42);
        if (nominate) {
            message.putShort((short) 0x0025).putShort((short) 0);
        }
        message.putShort(2, (short) (message.position() + 24 - 20));
        Mac mac = Mac.getInstance("HmacSHA1");
        mac.init(new SecretKeySpec(key.getBytes(StandardCharsets.UTF_8), "HmacSHA1"));
        mac.update(message.array(), 0, message.position());
        message.putShort((short) 8).putShort((short) 20).put(mac.doFinal());
        message.putShort(2, (short) (message.position() + 8 - 20));
        CRC32 crc = new CRC32();
        crc.update(message.array(), 0, message.position());
        message.putShort((short) 0x8028).putShort((short) 4).putInt((int) crc.getValue() ^ 0x5354554e);
        return Arrays.copyOf(message.array(), message.position());
    }

    /** ICE and DTLS; afterwards packets can be sent and received. */
    void connect() throws Exception {
        if (!check(true)) {
            throw new IOException("no answer to a check");
        }
        handshake();
    }

    void handshake() throws IOException {
        if (isServer) {
            Server server = new Server();
            association = new DTLSServerProtocol().accept(server, new Transport());
            session = new SrtpSession(Objects.requireNonNull(server.keys));
            return;
        }
        Client client = new Client();
        association = new DTLSClientProtocol().connect(client, new Transport());
        if (client.keys == null) {
            throw new IOException("no SRTP keys");
        }
        session = new SrtpSession(client.keys);
    }

    /** A ClientHello as this browser would send it, without sending it. */
    byte[] clientHello() {
        byte[][] captured = new byte[1][];
        try {
            new DTLSClientProtocol().connect(new Client(), new Transport() {
                @Override
                public int receive(byte[] buffer, int offset, int length, int waitMillis) throws IOException {
                    throw new IOException("enough");
                }

                @Override
                public void send(byte[] buffer, int offset, int length) {
                    if (captured[0] == null) {
                        captured[0] = Arrays.copyOfRange(buffer, offset, offset + length);
                    }
                }
            });
        } catch (IOException e) {
            return captured[0];
        }
        throw new IllegalStateException("a handshake with nobody is complete");
    }

    /** Says close_notify. */
    void closeDtls() throws IOException {
        if (association != null) {
            association.close();
        }
    }

    /** Seals and sends an RTP or RTCP packet. */
    void sendMedia(byte[] packet, int length) throws IOException {
        byte[] buffer = Arrays.copyOf(packet, length + 64);
        boolean control = (buffer[1] & 0xff) >= 192 && (buffer[1] & 0xff) <= 223;
        int sealed = control ? srtp().sealControl(buffer, 0, length) : srtp().seal(buffer, 0, length);
        send(Arrays.copyOf(buffer, sealed));
    }

    /** The next RTP or RTCP packet, opened; null after the time. */
    byte @Nullable [] receiveMedia(long millis) throws InterruptedException {
        byte[] packet = srtp.poll(millis, TimeUnit.MILLISECONDS);
        if (packet == null) {
            return null;
        }
        boolean control = (packet[1] & 0xff) >= 192 && (packet[1] & 0xff) <= 223;
        int length = control ? srtp().openControl(packet, 0, packet.length) : srtp().open(packet, 0, packet.length);
        return length < 0 ? new byte[0] : Arrays.copyOf(packet, length);
    }

    void send(byte[] datagram) throws IOException {
        Socket connected = stream;
        if (connected != null) {
            byte[] frame = new byte[2 + datagram.length];
            ByteBuffer.wrap(frame).putShort((short) datagram.length).put(datagram);
            connected.getOutputStream().write(frame);
            return;
        }
        socket.send(new DatagramPacket(datagram, datagram.length, gateway()));
    }

    /** Whether close_notify comes within this time. */
    boolean closedDtls(int withinMillis) throws IOException {
        DTLSTransport connected = association;
        if (connected == null) {
            throw new IllegalStateException("not connected");
        }
        connected.receive(new byte[2048], 0, 2048, withinMillis);
        return closedByGateway;
    }

    /** The alerts (RFC 6347 4.1, content type 21) that have come and not been read; a late flight may be said again. */
    long alertsWaiting() {
        return dtls.stream().filter(datagram -> datagram[0] == 21).count();
    }

    @Override
    public void close() {
        socket.close();
        try {
            loseTcp();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private SrtpSession srtp() {
        if (session == null) {
            throw new IllegalStateException("not connected");
        }
        return session;
    }

    private void listen(DatagramSocket from) {
        Thread.ofVirtual().start(() -> {
            byte[] buffer = new byte[2048];
            try {
                while (true) {
                    DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
                    from.receive(packet);
                    if (!packet.getSocketAddress().equals(gateway)) {
                        continue; // a browser takes nothing from elsewhere
                    }
                    sort(Arrays.copyOf(buffer, packet.getLength()));
                }
            } catch (IOException e) {
                // closed
            }
        });
    }

    private void listen(Socket from) {
        try {
            DataInputStream in = new DataInputStream(from.getInputStream());
            while (true) {
                sort(in.readNBytes(in.readUnsignedShort()));
            }
        } catch (IOException e) {
            // closed
        }
    }

    private void sort(byte[] datagram) {
        int first = datagram[0] & 0xff;
        (first < 4 ? stun : first < 64 ? dtls : srtp).add(datagram);
    }

    private static String attribute(String sdp, String name) {
        Matcher matcher = Pattern.compile("a=" + name + ":(.*?)\\r?\\n").matcher(sdp);
        if (!matcher.find()) {
            throw new IllegalArgumentException("no " + name + " in " + sdp);
        }
        return matcher.group(1).strip();
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private class Transport implements DatagramTransport {
        @Override
        public int getReceiveLimit() {
            return 1500;
        }

        @Override
        public int getSendLimit() {
            return 1200;
        }

        @Override
        public int receive(byte[] buffer, int offset, int length, int waitMillis) throws IOException {
            try {
                byte[] datagram = dtls.poll(waitMillis == 0 ? WAIT_SECONDS * 1000 : waitMillis, TimeUnit.MILLISECONDS);
                if (datagram == null) {
                    return -1;
                }
                System.arraycopy(datagram, 0, buffer, offset, Math.min(length, datagram.length));
                return Math.min(length, datagram.length);
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
        }

        @Override
        public void send(byte[] buffer, int offset, int length) throws IOException {
            BrowserPeer.this.send(Arrays.copyOfRange(buffer, offset, offset + length));
        }

        @Override
        public void close() {}
    }

    private void checkGateway(Certificate seen) throws IOException {
        byte[] leaf = seen.getCertificateAt(0).getEncoded();
        String hash = "sha-256 " + HexFormat.ofDelimiter(":").withUpperCase().formatHex(sha256(leaf));
        if (!hash.equals(theirFingerprint)) {
            throw new TlsFatalAlert(AlertDescription.bad_certificate);
        }
    }

    private BcDefaultTlsCredentialedSigner signer(TlsContext context, byte @Nullable [] requestContext)
            throws IOException {
        Certificate chain = new Certificate(
                requestContext,
                new CertificateEntry[] {new CertificateEntry(new BcTlsCertificate(crypto, certificate), null)});
        return new BcDefaultTlsCredentialedSigner(
                new TlsCryptoParameters(context),
                crypto,
                pair.getPrivate(),
                chain,
                new SignatureAndHashAlgorithm(HashAlgorithm.sha256, SignatureAlgorithm.ecdsa));
    }

    private static SrtpKeys exported(TlsContext context, SrtpProfile agreed, boolean weAreServer) {
        byte[] material = context.exportKeyingMaterial("EXTRACTOR-dtls_srtp", null, SrtpKeys.materialLength(agreed));
        return SrtpKeys.of(agreed, material, weAreServer);
    }

    /** A client that waits for the gateway's handshake. */
    @SuppressWarnings({"unchecked", "rawtypes", "JdkObsolete"}) // Bouncy Castle's Hashtables are raw
    private final class Server extends DefaultTlsServer {
        private @Nullable SrtpKeys keys;

        private Server() {
            super(crypto);
        }

        @Override
        protected ProtocolVersion[] getSupportedVersions() {
            return ProtocolVersion.DTLSv12.only();
        }

        @Override
        protected int[] getSupportedCipherSuites() {
            return new int[] {CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256};
        }

        @Override
        protected TlsCredentialedSigner getECDSASignerCredentials() throws IOException {
            return signer(context, null);
        }

        @Override
        public CertificateRequest getCertificateRequest() {
            return new CertificateRequest(
                    new short[] {ClientCertificateType.ecdsa_sign},
                    TlsUtils.getDefaultSupportedSignatureAlgorithms(context),
                    null);
        }

        @Override
        public void notifyClientCertificate(Certificate client) throws IOException {
            checkGateway(client);
        }

        @Override
        public Hashtable getServerExtensions() throws IOException {
            Hashtable extensions = super.getServerExtensions();
            TlsSRTPUtils.addUseSRTPExtension(
                    extensions,
                    new UseSRTPData(new int[] {SrtpProfile.PREFERENCE.getFirst().number()}, TlsUtils.EMPTY_BYTES));
            return extensions;
        }

        @Override
        public void notifyHandshakeComplete() throws IOException {
            super.notifyHandshakeComplete();
            keys = exported(context, SrtpProfile.PREFERENCE.getFirst(), true);
        }

        @Override
        public void notifyAlertReceived(short level, short description) {
            closedByGateway |= description == AlertDescription.close_notify;
        }

        @Override
        public boolean shouldCheckSigAlgOfPeerCerts() {
            return false;
        }
    }

    @SuppressWarnings({"unchecked", "rawtypes", "JdkObsolete"}) // Bouncy Castle's Hashtables are raw
    private final class Client extends DefaultTlsClient {
        private @Nullable SrtpKeys keys;
        private @Nullable SrtpProfile profile;

        private Client() {
            super(crypto);
        }

        @Override
        protected ProtocolVersion[] getSupportedVersions() {
            return ProtocolVersion.DTLSv12.only();
        }

        @Override
        public void notifyAlertReceived(short level, short description) {
            closedByGateway |= description == AlertDescription.close_notify;
        }

        @Override
        public int getHandshakeTimeoutMillis() {
            return WAIT_SECONDS * 1000;
        }

        @Override
        public int getHandshakeResendTimeMillis() {
            return 100;
        }

        @Override
        public Hashtable getClientExtensions() throws IOException {
            Hashtable extensions = super.getClientExtensions();
            TlsSRTPUtils.addUseSRTPExtension(extensions, new UseSRTPData(profiles, TlsUtils.EMPTY_BYTES));
            return extensions;
        }

        @Override
        public void processServerExtensions(Hashtable extensions) throws IOException {
            super.processServerExtensions(extensions);
            UseSRTPData agreed = TlsSRTPUtils.getUseSRTPExtension(extensions);
            for (SrtpProfile candidate : SrtpProfile.PREFERENCE) {
                if (agreed != null && agreed.getProtectionProfiles()[0] == candidate.number()) {
                    profile = candidate;
                }
            }
        }

        @Override
        public TlsAuthentication getAuthentication() {
            return new TlsAuthentication() {
                @Override
                public void notifyServerCertificate(TlsServerCertificate server) throws IOException {
                    checkGateway(server.getCertificate());
                }

                @Override
                public TlsCredentials getClientCredentials(CertificateRequest request) throws IOException {
                    return signer(context, null);
                }
            };
        }

        @Override
        public void notifyHandshakeComplete() throws IOException {
            super.notifyHandshakeComplete();
            SrtpProfile agreed = profile;
            if (agreed != null) {
                keys = exported(context, agreed, false);
            }
        }
    }
}
