package io.ringdown.media.dtls;

import io.ringdown.media.sdp.Fingerprint;
import java.io.IOException;
import java.math.BigInteger;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.HexFormat;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.crypto.AsymmetricCipherKeyPair;
import org.bouncycastle.crypto.generators.ECKeyPairGenerator;
import org.bouncycastle.crypto.params.AsymmetricKeyParameter;
import org.bouncycastle.crypto.params.ECKeyGenerationParameters;
import org.bouncycastle.crypto.params.ECNamedDomainParameters;
import org.bouncycastle.crypto.util.SubjectPublicKeyInfoFactory;
import org.bouncycastle.operator.DefaultDigestAlgorithmIdentifierFinder;
import org.bouncycastle.operator.DefaultSignatureAlgorithmIdentifierFinder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.bc.BcECContentSignerBuilder;
import org.bouncycastle.tls.Certificate;
import org.bouncycastle.tls.CertificateEntry;
import org.bouncycastle.tls.crypto.TlsCertificate;
import org.bouncycastle.tls.crypto.impl.bc.BcTlsCertificate;
import org.bouncycastle.tls.crypto.impl.bc.BcTlsCrypto;

/** Our self-signed certificate: ECDSA on P-256, one for the process, never written anywhere. Safe for all threads. */
public final class DtlsIdentity {
    private static final int SERIAL_BYTES = 16;
    private static final Duration CLOCK_SKEW = Duration.ofDays(1);
    private static final Duration VALIDITY = Duration.ofDays(3650); // peers trust the fingerprint, not the dates

    private final BcTlsCrypto crypto;
    private final AsymmetricKeyParameter privateKey;
    private final Certificate chain;
    private final Fingerprint fingerprint;

    private DtlsIdentity(BcTlsCrypto crypto, AsymmetricKeyParameter privateKey, byte[] certificate) throws IOException {
        this.crypto = crypto;
        this.privateKey = privateKey;
        TlsCertificate entry = new BcTlsCertificate(crypto, certificate);
        this.chain = new Certificate(null, new CertificateEntry[] {new CertificateEntry(entry, null)});
        this.fingerprint = Fingerprint.of(Fingerprint.Hash.SHA_256, certificate);
    }

    /** Makes a key and its certificate. */
    public static DtlsIdentity create(SecureRandom random) {
        try {
            ECKeyPairGenerator generator = new ECKeyPairGenerator();
            generator.init(new ECKeyGenerationParameters(
                    ECNamedDomainParameters.lookup(SECObjectIdentifiers.secp256r1), random));
            AsymmetricCipherKeyPair pair = generator.generateKeyPair();
            byte[] certificate = selfSigned(pair, random).getEncoded();
            return new DtlsIdentity(new BcTlsCrypto(random), pair.getPrivate(), certificate);
        } catch (IOException | OperatorCreationException e) {
            throw new IllegalStateException("P-256 is in every Bouncy Castle", e);
        }
    }

    /** What SDP says of it: {@code a=fingerprint:sha-256 …}. */
    public Fingerprint fingerprint() {
        return fingerprint;
    }

    BcTlsCrypto crypto() {
        return crypto;
    }

    AsymmetricKeyParameter privateKey() {
        return privateKey;
    }

    Certificate chain() {
        return chain;
    }

    private static X509CertificateHolder selfSigned(AsymmetricCipherKeyPair pair, SecureRandom random)
            throws IOException, OperatorCreationException {
        byte[] serial = new byte[SERIAL_BYTES];
        random.nextBytes(serial);
        X500Name name = new X500Name("CN=" + HexFormat.of().formatHex(serial)); // says nothing about us
        Instant now = Instant.now();
        X509v3CertificateBuilder builder = new X509v3CertificateBuilder(
                name,
                new BigInteger(1, serial),
                Date.from(now.minus(CLOCK_SKEW)),
                Date.from(now.plus(VALIDITY)),
                name,
                SubjectPublicKeyInfoFactory.createSubjectPublicKeyInfo(pair.getPublic()));
        AlgorithmIdentifier signature = new DefaultSignatureAlgorithmIdentifierFinder().find("SHA256withECDSA");
        AlgorithmIdentifier digest = new DefaultDigestAlgorithmIdentifierFinder().find(signature);
        return builder.build(new BcECContentSignerBuilder(signature, digest).build(pair.getPrivate()));
    }
}
