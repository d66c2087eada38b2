package io.ringdown.bench;

import java.io.IOException;
import java.math.BigInteger;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Date;
import java.util.Hashtable;
import java.util.HexFormat;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.crypto.AsymmetricCipherKeyPair;
import org.bouncycastle.crypto.generators.ECKeyPairGenerator;
import org.bouncycastle.crypto.params.ECKeyGenerationParameters;
import org.bouncycastle.crypto.params.ECNamedDomainParameters;
import org.bouncycastle.crypto.util.SubjectPublicKeyInfoFactory;
import org.bouncycastle.operator.DefaultDigestAlgorithmIdentifierFinder;
import org.bouncycastle.operator.DefaultSignatureAlgorithmIdentifierFinder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.bc.BcECContentSignerBuilder;
import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.Certificate;
import org.bouncycastle.tls.CertificateEntry;
import org.bouncycastle.tls.CertificateRequest;
import org.bouncycastle.tls.DTLSClientProtocol;
import org.bouncycastle.tls.DTLSTransport;
import org.bouncycastle.tls.DatagramTransport;
import org.bouncycastle.tls.DefaultTlsClient;
import org.bouncycastle.tls.ExporterLabel;
import org.bouncycastle.tls.HashAlgorithm;
import org.bouncycastle.tls.ProtocolVersion;
import org.bouncycastle.tls.SignatureAlgorithm;
import org.bouncycastle.tls.SignatureAndHashAlgorithm;
import org.bouncycastle.tls.TlsAuthentication;
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

/** A browser's side of DTLS-SRTP (RFC 5764): shakes hands, checks the fingerprint, leaves keys. Any thread. */
final class DtlsClient {
    private static final int[] PROFILES = {1, 8, 7}; // in Chromium's order
    private static final int HANDSHAKE_MILLIS = 10_000;
    private static final int RESEND_MILLIS = 100;

    private final BcTlsCrypto crypto = new BcTlsCrypto(new SecureRandom());
    private final AsymmetricCipherKeyPair keys;
    private final Certificate chain;
    private final String fingerprint;

    /** What a handshake gave. */
    record Association(DTLSTransport transport, SrtpPair.Keys keys) {}

    /** With a key and a certificate of its own. */
    DtlsClient() {
        SecureRandom random = new SecureRandom();
        ECKeyPairGenerator generator = new ECKeyPairGenerator();
        generator.init(
                new ECKeyGenerationParameters(ECNamedDomainParameters.lookup(SECObjectIdentifiers.secp256r1), random));
        keys = generator.generateKeyPair();
        try {
            byte[] certificate = selfSigned();
            chain = new Certificate(
                    null,
                    new CertificateEntry[] {new CertificateEntry(new BcTlsCertificate(crypto, certificate), null)});
            fingerprint = fingerprint(certificate);
        } catch (IOException | OperatorCreationException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Ours, as in {@code a=fingerprint:sha-256 …}. */
    String fingerprint() {
        return fingerprint;
    }

    /** Blocks until the handshake is done. */
    Association connect(DatagramTransport transport, String theirFingerprint) throws IOException {
        Client client = new Client(theirFingerprint);
        DTLSTransport records = new DTLSClientProtocol().connect(client, transport);
        return new Association(records, client.keys());
    }

    private byte[] selfSigned() throws IOException, OperatorCreationException {
        X500Name name = new X500Name("CN=bench");
        Instant now = Instant.now();
        X509v3CertificateBuilder builder = new X509v3CertificateBuilder(
                name,
                BigInteger.ONE,
                Date.from(now.minus(Duration.ofDays(1))),
                Date.from(now.plus(Duration.ofDays(30))),
                name,
                SubjectPublicKeyInfoFactory.createSubjectPublicKeyInfo(keys.getPublic()));
        AlgorithmIdentifier signature = new DefaultSignatureAlgorithmIdentifierFinder().find("SHA256withECDSA");
        AlgorithmIdentifier digest = new DefaultDigestAlgorithmIdentifierFinder().find(signature);
        return builder.build(new BcECContentSignerBuilder(signature, digest).build(keys.getPrivate()))
                .toASN1Structure()
                .getEncoded(ASN1Encoding.DER);
    }

    private static String fingerprint(byte[] certificate) {
        try {
            return HexFormat.ofDelimiter(":")
                    .withUpperCase()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(certificate));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    @SuppressWarnings({"unchecked", "rawtypes", "JdkObsolete"}) // Bouncy Castle's Hashtables are raw
    private final class Client extends DefaultTlsClient {
        private final String expected;
        private int profile;
        private byte[] material = {};

        Client(String expected) {
            super(DtlsClient.this.crypto);
            this.expected = expected;
        }

        SrtpPair.Keys keys() {
            int key = SrtpPair.keyLength(profile);
            int salt = SrtpPair.saltLength(profile);
            return new SrtpPair.Keys(
                    profile,
                    Arrays.copyOfRange(material, 0, key),
                    Arrays.copyOfRange(material, 2 * key, 2 * key + salt),
                    Arrays.copyOfRange(material, key, 2 * key),
                    Arrays.copyOfRange(material, 2 * key + salt, 2 * key + 2 * salt));
        }

        @Override
        protected ProtocolVersion[] getSupportedVersions() {
            return ProtocolVersion.DTLSv12.only();
        }

        @Override
        public Hashtable getClientExtensions() throws IOException {
            Hashtable extensions = super.getClientExtensions();
            TlsSRTPUtils.addUseSRTPExtension(extensions, new UseSRTPData(PROFILES, TlsUtils.EMPTY_BYTES));
            return extensions;
        }

        @Override
        public void processServerExtensions(Hashtable extensions) throws IOException {
            super.processServerExtensions(extensions);
            UseSRTPData chosen = TlsSRTPUtils.getUseSRTPExtension(extensions);
            if (chosen == null) {
                throw new TlsFatalAlert(AlertDescription.handshake_failure, "no use_srtp");
            }
            profile = chosen.getProtectionProfiles()[0];
        }

        @Override
        public TlsAuthentication getAuthentication() {
            return new TlsAuthentication() {
                @Override
                public void notifyServerCertificate(TlsServerCertificate server) throws IOException {
                    byte[] leaf = server.getCertificate().getCertificateAt(0).getEncoded();
                    if (!DtlsClient.fingerprint(leaf).equalsIgnoreCase(expected)) {
                        throw new TlsFatalAlert(AlertDescription.bad_certificate, "not the announced certificate");
                    }
                }

                @Override
                public TlsCredentials getClientCredentials(CertificateRequest request) {
                    return new BcDefaultTlsCredentialedSigner(
                            new TlsCryptoParameters(context),
                            DtlsClient.this.crypto,
                            DtlsClient.this.keys.getPrivate(),
                            chain,
                            new SignatureAndHashAlgorithm(HashAlgorithm.sha256, SignatureAlgorithm.ecdsa));
                }
            };
        }

        @Override
        public void notifyHandshakeComplete() throws IOException {
            super.notifyHandshakeComplete();
            material = context.exportKeyingMaterial(
                    ExporterLabel.dtls_srtp, null, 2 * (SrtpPair.keyLength(profile) + SrtpPair.saltLength(profile)));
        }

        @Override
        public boolean shouldCheckSigAlgOfPeerCerts() {
            return false; // self-signed: its own signature proves nothing
        }

        @Override
        public int getHandshakeTimeoutMillis() {
            return HANDSHAKE_MILLIS;
        }

        @Override
        public int getHandshakeResendTimeMillis() {
            return RESEND_MILLIS;
        }
    }
}
