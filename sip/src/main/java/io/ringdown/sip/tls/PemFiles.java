package io.ringdown.sip.tls;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;

/**
 * A certificate with its chain and its private key in two PEM files, as certbot and openssl write them (PKCS#8, PKCS#1 and
 * SEC 1 keys, not encrypted).
 *
 * @param certificate the leaf first, then its issuers
 * @param key the private key
 */
public record PemFiles(Path certificate, Path key) {

    /** Reads both files into a key store without a password, after checking that they belong together. */
    public KeyStore read() throws CertificateException {
        X509Certificate[] chain = chain();
        PrivateKey privateKey = privateKey();
        if (!belongTogether(privateKey, chain[0])) {
            throw new CertificateException(key + ": is not the key of the certificate in " + certificate
                    + "; give the key that the certificate was made for");
        }
        return KeyStores.of(privateKey, chain);
    }

    /** Until when peers take the certificate. */
    public Instant validUntil() throws CertificateException {
        return chain()[0].getNotAfter().toInstant();
    }

    /** Why peers refuse the certificate at {@code now}, and what helps; empty while they take it. */
    public Optional<String> outOfDate(Instant now) throws CertificateException {
        Instant from = chain()[0].getNotBefore().toInstant();
        if (now.isBefore(from)) {
            return Optional.of(certificate + ": is valid from " + from
                    + " only, and peers refuse it now; look at this machine's clock");
        }
        return now.isAfter(validUntil())
                ? Optional.of(certificate + ": has expired at " + validUntil() + ", and peers refuse it; renew it")
                : Optional.empty();
    }

    /** Whether the certificate proves what the key signs: while both files are renewed, one is there before the other. */
    private static boolean belongTogether(PrivateKey privateKey, X509Certificate leaf) {
        byte[] sample = leaf.getSerialNumber().toByteArray();
        try {
            Signature signature = Signature.getInstance(
                    switch (privateKey.getAlgorithm()) {
                        case "EC", "ECDSA" -> "SHA256withECDSA";
                        case "RSA" -> "SHA256withRSA";
                        default -> "EdDSA";
                    });
            signature.initSign(privateKey);
            signature.update(sample);
            byte[] signed = signature.sign();
            signature.initVerify(leaf.getPublicKey());
            signature.update(sample);
            return signature.verify(signed);
        } catch (GeneralSecurityException differentKinds) {
            return false;
        }
    }

    private X509Certificate[] chain() throws CertificateException {
        return certificates(certificate).toArray(X509Certificate[]::new);
    }

    /** All certificates of a PEM file, at least one: a chain, or the CAs that are trusted. */
    public static List<X509Certificate> certificates(Path file) throws CertificateException {
        List<X509Certificate> found = new ArrayList<>();
        try {
            for (Object entry : entries(file)) {
                if (entry instanceof X509CertificateHolder holder) {
                    found.add(new JcaX509CertificateConverter().getCertificate(holder));
                }
            }
        } catch (GeneralSecurityException malformed) {
            throw new CertificateException(file + ": holds a certificate that cannot be read: " + malformed);
        }
        if (found.isEmpty()) {
            throw new CertificateException(file + ": holds no certificate; give a PEM file (BEGIN CERTIFICATE)");
        }
        return found;
    }

    private PrivateKey privateKey() throws CertificateException {
        JcaPEMKeyConverter converter = new JcaPEMKeyConverter();
        try {
            for (Object entry : entries(key)) {
                if (entry instanceof PEMKeyPair pair) {
                    return converter.getKeyPair(pair).getPrivate();
                }
                if (entry instanceof PrivateKeyInfo info) {
                    return converter.getPrivateKey(info);
                }
            }
        } catch (IOException malformed) {
            throw new CertificateException(key + ": holds a key that cannot be read: " + malformed.getMessage());
        }
        throw new CertificateException(
                key + ": holds no private key that is not encrypted; give a PEM file (BEGIN PRIVATE KEY)");
    }

    private static List<Object> entries(Path file) throws CertificateException {
        List<Object> entries = new ArrayList<>();
        try (Reader reader = Files.newBufferedReader(file);
                PEMParser parser = new PEMParser(reader)) {
            for (Object entry = parser.readObject(); entry != null; entry = parser.readObject()) {
                entries.add(entry);
            }
        } catch (NoSuchFileException missing) {
            throw new CertificateException(file + ": does not exist; create it, or name another file");
        } catch (AccessDeniedException denied) {
            throw new CertificateException(file + ": may not be read; let the user of this process read it");
        } catch (IOException | IllegalStateException | IllegalArgumentException unreadable) {
            // The parser's own complaints about what is no base64 come unchecked.
            throw new CertificateException(file + ": cannot be read: " + unreadable.getMessage());
        }
        return entries;
    }
}
