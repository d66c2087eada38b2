package io.ringdown.sip.tls;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * What passes in one handshake as client that its outcome does not tell: the chain, also of who is refused for it, and whether
 * the peer asked for ours. On the thread of the handshake.
 */
final class HandshakeNotes {
    private List<X509Certificate> chain = List.of();
    private boolean asked;
    private boolean shown;

    /** As the peer has shown it, its own first; empty for one that has shown none. */
    List<X509Certificate> chain() {
        return chain;
    }

    TlsHandshake.OurCertificate ours() {
        if (!asked) {
            return TlsHandshake.OurCertificate.NOT_ASKED_FOR;
        }
        return shown ? TlsHandshake.OurCertificate.SHOWN : TlsHandshake.OurCertificate.MISSING;
    }

    TrustManager of(TrustManager[] usual) {
        return new Trust((X509ExtendedTrustManager) usual[0]);
    }

    KeyManager of(KeyManager[] usual) {
        return new Keys(Stream.of(usual)
                .filter(X509ExtendedKeyManager.class::isInstance)
                .map(X509ExtendedKeyManager.class::cast)
                .findFirst());
    }

    private final class Trust extends X509ExtendedTrustManager {
        private final X509ExtendedTrustManager usual;

        Trust(X509ExtendedTrustManager usual) {
            this.usual = usual;
        }

        @Override
        public void checkServerTrusted(X509Certificate[] shownChain, String type, Socket socket)
                throws CertificateException {
            chain = List.of(shownChain);
            usual.checkServerTrusted(shownChain, type, socket);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] shownChain, String type, SSLEngine engine)
                throws CertificateException {
            chain = List.of(shownChain);
            usual.checkServerTrusted(shownChain, type, engine);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] shownChain, String type) throws CertificateException {
            chain = List.of(shownChain);
            usual.checkServerTrusted(shownChain, type);
        }

        @Override
        public void checkClientTrusted(X509Certificate[] shownChain, String type, Socket socket)
                throws CertificateException {
            usual.checkClientTrusted(shownChain, type, socket);
        }

        @Override
        public void checkClientTrusted(X509Certificate[] shownChain, String type, SSLEngine engine)
                throws CertificateException {
            usual.checkClientTrusted(shownChain, type, engine);
        }

        @Override
        public void checkClientTrusted(X509Certificate[] shownChain, String type) throws CertificateException {
            usual.checkClientTrusted(shownChain, type);
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return usual.getAcceptedIssuers();
        }
    }

    // Nulls are JSSE's word for "none".
    private final class Keys extends X509ExtendedKeyManager {
        private final Optional<X509ExtendedKeyManager> usual;

        Keys(Optional<X509ExtendedKeyManager> usual) {
            this.usual = usual;
        }

        @Override
        public @Nullable String chooseClientAlias(
                String[] types, Principal @Nullable [] issuers, @Nullable Socket socket) {
            return noted(usual.map(keys -> keys.chooseClientAlias(types, issuers, socket)));
        }

        @Override
        public @Nullable String chooseEngineClientAlias(
                String[] types, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
            return noted(usual.map(keys -> keys.chooseEngineClientAlias(types, issuers, engine)));
        }

        private @Nullable String noted(Optional<String> alias) {
            asked = true;
            shown |= alias.isPresent();
            return alias.orElse(null);
        }

        @Override
        public String @Nullable [] getClientAliases(String type, Principal @Nullable [] issuers) {
            return usual.map(keys -> keys.getClientAliases(type, issuers)).orElse(null);
        }

        @Override
        public String @Nullable [] getServerAliases(String type, Principal @Nullable [] issuers) {
            return null;
        }

        @Override
        public @Nullable String chooseServerAlias(
                String type, Principal @Nullable [] issuers, @Nullable Socket socket) {
            return null;
        }

        @Override
        public X509Certificate @Nullable [] getCertificateChain(String alias) {
            return usual.map(keys -> keys.getCertificateChain(alias)).orElse(null);
        }

        @Override
        public @Nullable PrivateKey getPrivateKey(String alias) {
            return usual.map(keys -> keys.getPrivateKey(alias)).orElse(null);
        }
    }
}
