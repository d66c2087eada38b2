package io.ringdown.sip.tls;

import java.io.IOException;
import java.net.Socket;
import java.security.cert.X509Certificate;
import java.util.function.Predicate;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/**
 * How we speak TLS where peers connect to us. Immutable.
 *
 * @param context our certificate, and whose client certificates we trust
 * @param clientCertificate whether a client must show one
 */
public record ServerTls(TlsContext context, boolean clientCertificate) {

    /**
     * Shakes hands as server, within the connection's reading time.
     *
     * @param fits whether a client of these names may come in; asked only where clients must show a certificate
     * @throws TlsFailure saying why not; the connection is of no use then
     */
    public SSLSocket accept(Socket raw, Predicate<PeerNames> fits) throws TlsFailure {
        try {
            SSLSocket socket = (SSLSocket) context.current().getSocketFactory().createSocket(raw, null, true);
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setProtocols(PeerTls.PROTOCOLS);
            parameters.setNeedClientAuth(clientCertificate);
            socket.setSSLParameters(parameters);
            socket.startHandshake();
            if (clientCertificate) {
                PeerNames names =
                        PeerNames.of((X509Certificate) socket.getSession().getPeerCertificates()[0]);
                if (!fits.test(names)) {
                    throw new TlsFailure("the client's certificate is for " + names + ", which is no trunk there");
                }
            }
            return socket;
        } catch (TlsFailure wrongName) {
            throw wrongName;
        } catch (IOException broken) {
            throw TlsFailure.of(broken);
        }
    }
}
