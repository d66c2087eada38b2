package io.ringdown.sip.tls;

import io.ringdown.sip.stream.TimedSocket;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;

/**
 * One handshake with a peer, as it went, to be looked at. Immutable; names of the peer's are cut and have nothing in them that a
 * terminal would take for more than letters.
 *
 * @param peer where it was
 * @param expected the domain that the certificate must be for
 * @param session what was agreed on; empty where none was
 * @param chain as the peer has shown it, its own certificate first; empty where it has shown none
 * @param names those of the peer's own certificate, for reading
 * @param matched the name on it that is the expected one (RFC 5922 7.3); empty where none is
 * @param ours what became of our certificate
 * @param failure why no message could be sent; empty where one could
 */
public record TlsHandshake(
        InetSocketAddress peer,
        String expected,
        Optional<Session> session,
        List<Link> chain,
        String names,
        Optional<String> matched,
        OurCertificate ours,
        Optional<Failure> failure) {
    private static final long OPEN_WITHIN = TimeUnit.SECONDS.toNanos(4);
    // With TLS 1.3 who misses our certificate says so after the handshake.
    private static final long REFUSED_WITHIN = TimeUnit.SECONDS.toNanos(1);
    private static final int MOST_OF_A_NAME = 100;

    public TlsHandshake {
        chain = List.copyOf(chain);
    }

    /**
     * What both speak.
     *
     * @param protocol as {@code TLSv1.3}
     * @param cipher its suite's registered name
     */
    public record Session(String protocol, String cipher) {}

    /**
     * One certificate of the chain.
     *
     * @param subject for whom
     * @param issuer by whom
     * @param notAfter until when
     */
    public record Link(String subject, String issuer, Instant notAfter) {}

    /**
     * Why nothing can be sent.
     *
     * @param kind what was wrong
     * @param reason the same in words, without a word of the peer's
     */
    public record Failure(TlsFailure.Kind kind, String reason) {}

    /** What became of our certificate. */
    public enum OurCertificate {
        /** The peer wants none. */
        NOT_ASKED_FOR,
        /** It was asked for and shown. */
        SHOWN,
        /** It was asked for, and we have none, or none of the CAs that the peer takes. */
        MISSING
    }

    /**
     * Connects from this address of ours, shakes hands as calls do, waits for a late refusal and closes. Blocks, for 6 s at most.
     */
    public static TlsHandshake with(PeerTls how, InetSocketAddress peer, InetAddress from) {
        HandshakeNotes notes = new HandshakeNotes();
        Optional<Session> session = Optional.empty();
        Optional<TlsFailure> failure = Optional.empty();
        try (TimedSocket raw = new TimedSocket()) {
            SSLContext context = how.context().noted(notes);
            connect(raw, peer, from);
            try (SSLSocket socket = how.connect(raw, context)) {
                session = Optional.of(new Session(
                        socket.getSession().getProtocol(), socket.getSession().getCipherSuite()));
                raw.readBy(System.nanoTime() + REFUSED_WITHIN);
                awaitRefusal(socket);
            }
        } catch (TlsFailure refused) {
            failure = Optional.of(refused);
        } catch (CertificateException unusable) {
            failure = Optional.of(TlsFailure.of(new IOException(unusable)));
        } catch (IOException closing) {
            failure = Optional.of(TlsFailure.of(closing));
        }
        return told(how, peer, notes, session, failure);
    }

    private static void connect(TimedSocket raw, InetSocketAddress peer, InetAddress from) throws TlsFailure {
        try {
            if (!from.isAnyLocalAddress()) {
                raw.bind(new InetSocketAddress(from, 0));
            }
            raw.connect(peer, (int) TimeUnit.NANOSECONDS.toMillis(OPEN_WITHIN));
            raw.readBy(System.nanoTime() + OPEN_WITHIN);
        } catch (IOException nobodyThere) {
            throw TlsFailure.noConnection(nobodyThere);
        }
    }

    private static void awaitRefusal(SSLSocket socket) throws IOException {
        try {
            if (socket.getInputStream().read() < 0) {
                throw TlsFailure.closed();
            }
        } catch (SocketTimeoutException silence) {
            // as it should be: we have said nothing
        } catch (SSLException alert) {
            throw TlsFailure.of(alert);
        }
    }

    private static TlsHandshake told(
            PeerTls how,
            InetSocketAddress peer,
            HandshakeNotes notes,
            Optional<Session> session,
            Optional<TlsFailure> failure) {
        PeerNames names = notes.chain().isEmpty()
                ? new PeerNames(List.of(), List.of())
                : PeerNames.of(notes.chain().getFirst());
        return new TlsHandshake(
                peer,
                how.name(),
                session,
                notes.chain().stream().map(TlsHandshake::link).toList(),
                names.toString(),
                session.flatMap(_ -> names.matching(how.name(), how.wildcards())),
                notes.ours(),
                failure.map(why -> new Failure(why.kind(), why.reason())));
    }

    private static Link link(X509Certificate certificate) {
        return new Link(
                plain(certificate.getSubjectX500Principal().getName()),
                plain(certificate.getIssuerX500Principal().getName()),
                certificate.getNotAfter().toInstant());
    }

    private static String plain(String name) {
        String clean = name.replaceAll("[^ -~]", "?");
        return clean.substring(0, Math.min(MOST_OF_A_NAME, clean.length()));
    }
}
