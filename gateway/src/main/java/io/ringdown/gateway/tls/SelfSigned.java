package io.ringdown.gateway.tls;

import io.ringdown.sip.tls.CertificateException;
import io.ringdown.sip.tls.KeyStores;
import java.math.BigInteger;
import java.net.InetAddress;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.stream.Stream;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** A certificate that vouches for itself: browsers warn, but then treat the page as secure and let it have a microphone. */
public final class SelfSigned {
    private static final Duration VALID = Duration.ofDays(90);

    private SelfSigned() {}

    /** A new P-256 key and a certificate for {@code localhost} and these addresses, valid for 90 days from {@code now}. */
    public static KeyStore make(List<InetAddress> addresses, Instant now) throws CertificateException {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            KeyPair pair = generator.generateKeyPair();
            X500Name name = new X500Name("CN=Ringdown (self-signed)");
            JcaX509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                    name,
                    new BigInteger(127, new SecureRandom()),
                    Date.from(now.minus(Duration.ofHours(1))),
                    Date.from(now.plus(VALID)),
                    name,
                    pair.getPublic());
            builder.addExtension(
                    Extension.subjectAlternativeName,
                    false,
                    new GeneralNames(Stream.concat(
                                    Stream.of(new GeneralName(GeneralName.dNSName, "localhost")),
                                    addresses.stream()
                                            .map(InetAddress::getHostAddress)
                                            .map(address -> new GeneralName(GeneralName.iPAddress, address)))
                            .toArray(GeneralName[]::new)));
            var holder = builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(pair.getPrivate()));
            return KeyStores.of(pair.getPrivate(), new JcaX509CertificateConverter().getCertificate(holder));
        } catch (GeneralSecurityException | OperatorCreationException | CertIOException impossible) {
            throw new CertificateException("no certificate can be made here: " + impossible);
        }
    }
}
