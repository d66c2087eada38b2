package io.ringdown.sip.jain;

import io.ringdown.sip.ListenAddress;
import io.ringdown.sip.ListenTls;
import io.ringdown.sip.SipStartException;
import io.ringdown.sip.SipTransport;
import io.ringdown.sip.TlsSettings;
import io.ringdown.sip.TrunkAddress;
import io.ringdown.sip.TrunkSettings;
import io.ringdown.sip.tls.CertificateException;
import io.ringdown.sip.tls.PeerTls;
import io.ringdown.sip.tls.PemFiles;
import io.ringdown.sip.tls.ServerTls;
import io.ringdown.sip.tls.TlsContext;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** All certificates that the settings name, read at start and again when they change. Safe for all threads. */
final class TlsFiles {
    private final List<TlsContext> contexts = new CopyOnWriteArrayList<>();

    /** What a listening address shows; empty where it speaks no TLS. */
    Optional<ServerTls> serving(ListenAddress address) throws SipStartException {
        Optional<ListenTls> settings = address.tls();
        if (settings.isEmpty()) {
            return Optional.empty();
        }
        ListenTls tls = settings.get();
        return Optional.of(new ServerTls(
                open("sip.listen.tls", Optional.of(new PemFiles(tls.certificate(), tls.key())), tls.ca()),
                tls.clientCertificate() == ListenTls.ClientCertificate.REQUIRE));
    }

    /** How TLS is spoken to a trunk; empty where nothing is said of it. */
    Optional<PeerTls> towards(String name, TrunkSettings trunk) throws SipStartException {
        TlsSettings tls = trunk.tls();
        TrunkAddress next = trunk.nextHop();
        boolean byDns = next.givenTransport().isEmpty() && next.givenPort().isEmpty(); // which may say TLS
        if (next.transport() != SipTransport.TLS && !byDns && tls.equals(TlsSettings.defaults())) {
            return Optional.empty();
        }
        Optional<PemFiles> own = tls.certificate().flatMap(file -> tls.key().map(key -> new PemFiles(file, key)));
        return Optional.of(
                new PeerTls(open("trunks." + name + ".sip.tls", own, tls.ca()), nameOf(trunk), tls.wildcards()));
    }

    /** The domain that a trunk's certificate is for (RFC 5922 7.3): what the operator has written, never what DNS says. */
    static String nameOf(TrunkSettings trunk) {
        return trunk.tls().name().orElse(trunk.nextHop().host());
    }

    private TlsContext open(String key, Optional<PemFiles> own, Optional<Path> ca) throws SipStartException {
        try {
            TlsContext context = TlsContext.open(key, own, ca);
            contexts.add(context);
            return context;
        } catch (CertificateException unusable) {
            throw new SipStartException(String.valueOf(unusable.getMessage()), unusable);
        }
    }

    /** Takes up what has changed; reads files. */
    void look() {
        contexts.forEach(TlsContext::look);
    }
}
