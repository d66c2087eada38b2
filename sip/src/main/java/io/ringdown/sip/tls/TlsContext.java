package io.ringdown.sip.tls;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one end of TLS shows and whom it trusts, from files that are read again when they change: connections made from then
 * on see the new ones, those that stand go on. Safe for all threads; {@link #look} reads files.
 */
public final class TlsContext {
    private static final Logger LOG = LoggerFactory.getLogger(TlsContext.class);

    private final String key;
    private final Optional<PemFiles> own;
    private final Optional<Path> ca;
    private volatile SSLContext current;
    private String seen;

    private TlsContext(String key, Optional<PemFiles> own, Optional<Path> ca, SSLContext first, String seen) {
        this.key = key;
        this.own = own;
        this.ca = ca;
        this.current = first;
        this.seen = seen;
    }

    /**
     * Reads the files.
     *
     * @param key the settings' key, for messages
     * @param own what we show; empty for nothing
     * @param ca whom we trust; empty for those whom the JDK trusts
     * @throws CertificateException naming the key, the file and what helps
     */
    public static TlsContext open(String key, Optional<PemFiles> own, Optional<Path> ca) throws CertificateException {
        String stamp = stamp(own, ca);
        try {
            return new TlsContext(key, own, ca, read(own, ca), stamp);
        } catch (CertificateException unusable) {
            throw new CertificateException(key + ": " + unusable.getMessage());
        }
    }

    /** For the next handshake. */
    public SSLContext current() {
        return current;
    }

    /**
     * As {@link #current}, for one handshake of which notes are taken. Reads the files again.
     *
     * @throws CertificateException if they cannot be used any more
     */
    SSLContext noted(HandshakeNotes notes) throws CertificateException {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(
                    new KeyManager[] {notes.of(own.isPresent() ? keys(own.get()) : new KeyManager[0])},
                    new TrustManager[] {notes.of(trust(ca))},
                    null);
            return context;
        } catch (GeneralSecurityException impossible) {
            throw new CertificateException("the certificates cannot be used: " + impossible);
        }
    }

    /** Takes up files that have changed; what cannot be used is told, and the old ones stay. */
    public synchronized void look() {
        String now = stamp(own, ca);
        if (now.equals(seen)) {
            return;
        }
        seen = now;
        try {
            current = read(own, ca);
            LOG.info("{}: new certificates taken from {}", key, files());
        } catch (CertificateException unusable) {
            LOG.warn("{}: the new files are not used, the old ones stay: {}", key, unusable.getMessage());
        }
    }

    private String files() {
        return String.join(", ", paths(own, ca).map(Path::toString).toList());
    }

    private static SSLContext read(Optional<PemFiles> own, Optional<Path> ca) throws CertificateException {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(own.isPresent() ? keys(own.get()) : new KeyManager[0], trust(ca), null);
            return context;
        } catch (GeneralSecurityException impossible) {
            throw new CertificateException("the certificates cannot be used: " + impossible);
        }
    }

    private static KeyManager[] keys(PemFiles files) throws CertificateException, GeneralSecurityException {
        Optional<String> refused = files.outOfDate(Instant.now());
        if (refused.isPresent()) {
            throw new CertificateException(refused.get());
        }
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(files.read(), new char[0]);
        return factory.getKeyManagers();
    }

    private static TrustManager[] trust(Optional<Path> ca) throws CertificateException, GeneralSecurityException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
        if (ca.isEmpty()) {
            factory.init((KeyStore) null);
            return factory.getTrustManagers();
        }
        KeyStore anchors = KeyStore.getInstance("PKCS12");
        try {
            anchors.load(null, null);
        } catch (IOException impossible) {
            throw new GeneralSecurityException(impossible);
        }
        int count = 0;
        for (X509Certificate trusted : PemFiles.certificates(ca.get())) {
            anchors.setCertificateEntry("ca-" + count++, trusted);
        }
        factory.init(anchors);
        return factory.getTrustManagers();
    }

    private static Stream<Path> paths(Optional<PemFiles> own, Optional<Path> ca) {
        return Stream.concat(own.stream().flatMap(files -> Stream.of(files.certificate(), files.key())), ca.stream());
    }

    private static String stamp(Optional<PemFiles> own, Optional<Path> ca) {
        StringBuilder stamp = new StringBuilder();
        paths(own, ca).forEach(path -> {
            try {
                stamp.append(Files.getLastModifiedTime(path)).append(Files.size(path));
            } catch (IOException missing) {
                stamp.append("missing");
            }
            stamp.append(' ');
        });
        return stamp.toString();
    }
}
