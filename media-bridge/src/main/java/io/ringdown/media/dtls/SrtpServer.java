package io.ringdown.media.dtls;

import io.ringdown.media.srtp.SrtpProfile;
import java.io.IOException;
import java.util.Hashtable;
import org.bouncycastle.tls.Certificate;
import org.bouncycastle.tls.CertificateRequest;
import org.bouncycastle.tls.ClientCertificateType;
import org.bouncycastle.tls.DefaultTlsServer;
import org.bouncycastle.tls.ProtocolVersion;
import org.bouncycastle.tls.TlsCredentialedSigner;
import org.bouncycastle.tls.TlsSRTPUtils;
import org.bouncycastle.tls.TlsUtils;
import org.bouncycastle.tls.UseSRTPData;

/** Bouncy Castle's server side of one attempt. */
@SuppressWarnings({"unchecked", "rawtypes", "JdkObsolete"}) // Bouncy Castle's Hashtables are raw
final class SrtpServer extends DefaultTlsServer {
    private final DtlsPeer peer;

    SrtpServer(DtlsIdentity identity, DtlsPeer peer) {
        super(identity.crypto());
        this.peer = peer;
    }

    @Override
    protected ProtocolVersion[] getSupportedVersions() {
        return ProtocolVersion.DTLSv12.only();
    }

    @Override
    protected int[] getSupportedCipherSuites() {
        return TlsUtils.getSupportedCipherSuites(getCrypto(), DtlsPeer.CIPHER_SUITES);
    }

    @Override
    protected TlsCredentialedSigner getECDSASignerCredentials() {
        return peer.signer(context);
    }

    @Override
    public CertificateRequest getCertificateRequest() {
        return new CertificateRequest(
                new short[] {ClientCertificateType.ecdsa_sign, ClientCertificateType.rsa_sign},
                TlsUtils.getDefaultSupportedSignatureAlgorithms(context),
                null);
    }

    @Override
    public Hashtable getServerExtensions() throws IOException {
        SrtpProfile profile = peer.choose(TlsSRTPUtils.getUseSRTPExtension(clientExtensions));
        Hashtable extensions = super.getServerExtensions();
        TlsSRTPUtils.addUseSRTPExtension(
                extensions, new UseSRTPData(new int[] {profile.number()}, TlsUtils.EMPTY_BYTES));
        return extensions;
    }

    @Override
    public void notifyClientCertificate(Certificate certificate) throws IOException {
        peer.check(certificate);
    }

    @Override
    public void notifyHandshakeComplete() throws IOException {
        super.notifyHandshakeComplete();
        peer.complete(context, true);
    }

    @Override
    public void notifyAlertReceived(short level, short description) {
        peer.onAlert(description);
    }

    @Override
    public boolean shouldCheckSigAlgOfPeerCerts() {
        return false; // a self-signed certificate's own signature proves nothing
    }

    @Override
    public int getHandshakeTimeoutMillis() {
        return peer.handshakeMillis();
    }

    @Override
    public int getHandshakeResendTimeMillis() {
        return DtlsPeer.RESEND_MILLIS;
    }
}
