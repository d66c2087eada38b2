package io.ringdown.gateway.signaling;

import io.ringdown.gateway.call.Timers;
import io.ringdown.gateway.tls.SelfSigned;
import io.ringdown.sip.tls.CertificateException;
import io.ringdown.sip.tls.PemFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.security.KeyStore;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The web server's certificate, and its renewal while it runs. */
final class Tls {
    private static final Logger LOG = LoggerFactory.getLogger(Tls.class);
    private static final Duration LOOK = Duration.ofSeconds(5);

    private final Optional<SslContextFactory.Server> factory;
    private final Optional<PemFiles> files;
    private final Timers timers;
    private String seen = "";
    private volatile Runnable cancel = () -> {};
    private volatile boolean stopped;

    private Tls(Optional<SslContextFactory.Server> factory, Optional<PemFiles> files, Timers timers) {
        this.factory = factory;
        this.files = files;
        this.timers = timers;
    }

    static Tls of(WebSettings settings, Timers timers) throws CertificateException {
        return switch (settings.tls()) {
            case OFF -> new Tls(Optional.empty(), Optional.empty(), timers);
            case SELF_SIGNED ->
                new Tls(
                        Optional.of(factory(SelfSigned.make(
                                settings.listen().stream()
                                        .map(ListenAddress::address)
                                        .toList(),
                                Instant.now()))),
                        Optional.empty(),
                        timers);
            case FILES -> {
                PemFiles files = new PemFiles(
                        settings.certificate().orElseThrow(), settings.key().orElseThrow());
                Tls tls = new Tls(Optional.of(factory(files.read())), Optional.of(files), timers);
                tls.seen = tls.stamp(files);
                files.outOfDate(Instant.now()).ifPresent(LOG::warn);
                yield tls;
            }
        };
    }

    Optional<SslContextFactory.Server> factory() {
        return factory;
    }

    /** Looks at the files now and then, and takes new ones up; the result stops it. */
    Runnable watch() {
        files.ifPresent(this::lookLater);
        return () -> {
            stopped = true;
            cancel.run();
        };
    }

    private void lookLater(PemFiles watched) {
        if (!stopped) {
            cancel = timers.after(LOOK.toNanos(), () -> {
                Thread.ofVirtual().name("http-certificate").start(() -> look(watched));
                lookLater(watched);
            });
        }
    }

    synchronized void look(PemFiles watched) {
        String now = stamp(watched);
        if (now.equals(seen)) {
            return;
        }
        seen = now;
        try {
            KeyStore store = watched.read();
            for (SslContextFactory.Server keys : factory.stream().toList()) {
                keys.reload(reloaded -> reloaded.setKeyStore(store));
            }
            LOG.info("new certificate taken from {}", watched.certificate());
            watched.outOfDate(Instant.now()).ifPresent(LOG::warn);
        } catch (Exception unusable) {
            // Half-written, or wrong: the old one stays until the files change again.
            LOG.warn("the new certificate is not used: {}", unusable.getMessage());
        }
    }

    private String stamp(PemFiles watched) {
        StringBuilder stamp = new StringBuilder();
        for (var path : List.of(watched.certificate(), watched.key())) {
            try {
                stamp.append(Files.getLastModifiedTime(path)).append(Files.size(path));
            } catch (IOException missing) {
                stamp.append("missing");
            }
            stamp.append(' ');
        }
        return stamp.toString();
    }

    private static SslContextFactory.Server factory(KeyStore store) {
        SslContextFactory.Server keys = new SslContextFactory.Server();
        keys.setKeyStore(store);
        keys.setKeyStorePassword("");
        keys.setIncludeProtocols("TLSv1.3", "TLSv1.2");
        return keys;
    }
}
