package io.ringdown.sip.tls;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/**
 * How we speak TLS to one peer. Immutable; equal only to itself where connections are shared.
 *
 * @param context what we show, and whom we trust
 * @param name the domain that the peer's certificate must be for
 * @param wildcards whether a wildcard on it may be for that domain
 */
public record PeerTls(TlsContext context, String name, boolean wildcards) {
    static final String[] PROTOCOLS = {"TLSv1.3", "TLSv1.2"};

    /**
     * Shakes hands as client on a connection that stands, within its reading time: the chain is checked, and the name on the
     * leaf (RFC 5922 7.3). The name goes into SNI (RFC 6066 3), unless it is an address.
     *
     * @throws TlsFailure saying why not; the connection is of no use then
     */
    public SSLSocket connect(Socket raw) throws TlsFailure {
        return connect(raw, context.current());
    }

    /** As the other, with what this context shows and trusts. */
    SSLSocket connect(Socket raw, SSLContext with) throws TlsFailure {
        try {
            SSLSocket socket = (SSLSocket) with.getSocketFactory().createSocket(raw, name, raw.getPort(), true);
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setProtocols(PROTOCOLS);
            parameters.setServerNames(serverNames());
            socket.setSSLParameters(parameters);
            socket.startHandshake();
            PeerNames names = PeerNames.of((X509Certificate) socket.getSession().getPeerCertificates()[0]);
            if (!names.fit(name, wildcards)) {
                throw new TlsFailure("the peer's certificate is for " + names + ", not for " + name);
            }
            return socket;
        } catch (TlsFailure wrongName) {
            throw wrongName;
        } catch (IOException broken) {
            throw TlsFailure.of(broken);
        }
    }

    private List<SNIServerName> serverNames() {
        try {
            InetAddress.ofLiteral(name);
            return List.of();
        } catch (IllegalArgumentException aName) {
            return sni();
        }
    }

    private List<SNIServerName> sni() {
        try {
            return List.of(new SNIHostName(name));
        } catch (IllegalArgumentException notForDns) {
            return List.of();
        }
    }
}
