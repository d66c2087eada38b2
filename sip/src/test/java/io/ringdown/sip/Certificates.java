package io.ringdown.sip;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** A CA of a test's own, and the certificates that it signs. */
public final class Certificates {
    private static final Duration YEAR = Duration.ofDays(365);

    private final KeyPair caKey = keyPair();
    private final X500Name caName;
    private final X509Certificate ca;

    public Certificates() {
        this("A CA for tests");
    }

    public Certificates(String name) {
        caName = new X500Name("CN=" + name);
        ca = signed(
                caName,
                caKey,
                List.of(),
                Instant.now().minus(YEAR),
                Instant.now().plus(YEAR),
                true);
    }

    /** A certificate and its key. */
    public record Leaf(X509Certificate certificate, PrivateKey key) {}

    /** Valid now. */
    public Leaf leaf(String commonName, GeneralName... names) {
        return leaf(commonName, Instant.now().plus(YEAR), names);
    }

    /** Valid from a month ago until then. */
    public Leaf leaf(String commonName, Instant until, GeneralName... names) {
        KeyPair key = keyPair();
        Instant from = Instant.now().minus(Duration.ofDays(30));
        return new Leaf(
                signed(new X500Name("CN=" + commonName), key, List.of(names), from, until, false), key.getPrivate());
    }

    public static GeneralName dns(String name) {
        return new GeneralName(GeneralName.dNSName, name);
    }

    public static GeneralName uri(String uri) {
        return new GeneralName(GeneralName.uniformResourceIdentifier, uri);
    }

    public static GeneralName ip(String address) {
        return new GeneralName(GeneralName.iPAddress, address);
    }

    /** Writes the CA's certificate. */
    public Path writeCa(Path file) {
        return write(file, "CERTIFICATE", encoded(ca));
    }

    /** Writes NAME.pem and NAME.key. */
    public static Path write(Path folder, String name, Leaf leaf) {
        write(folder.resolve(name + ".key"), "PRIVATE KEY", leaf.key().getEncoded());
        return write(folder.resolve(name + ".pem"), "CERTIFICATE", encoded(leaf.certificate()));
    }

    private static Path write(Path file, String kind, byte[] bytes) {
        try {
            return Files.writeString(
                    file,
                    "-----BEGIN " + kind + "-----\n" + Base64.getMimeEncoder().encodeToString(bytes) + "\n-----END "
                            + kind + "-----\n");
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static byte[] encoded(X509Certificate certificate) {
        try {
            return certificate.getEncoded();
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private X509Certificate signed(
            X500Name subject, KeyPair key, List<GeneralName> names, Instant from, Instant until, boolean isCa) {
        try {
            JcaX509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                    caName,
                    new BigInteger(100, new SecureRandom()),
                    Date.from(from),
                    Date.from(until),
                    subject,
                    key.getPublic());
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(isCa));
            if (!names.isEmpty()) {
                builder.addExtension(
                        Extension.subjectAlternativeName, false, new GeneralNames(names.toArray(GeneralName[]::new)));
            }
            return new JcaX509CertificateConverter()
                    .getCertificate(
                            builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(caKey.getPrivate())));
        } catch (GeneralSecurityException | OperatorCreationException | CertIOException e) {
            throw new AssertionError(e);
        }
    }

    private static KeyPair keyPair() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }
}
