package io.ringdown.media.dtls;

import io.ringdown.media.sdp.Fingerprint;
import io.ringdown.media.srtp.SrtpKeys;
import io.ringdown.media.srtp.SrtpProfile;
import java.io.IOException;
import java.util.List;
import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.Certificate;
import org.bouncycastle.tls.CipherSuite;
import org.bouncycastle.tls.HashAlgorithm;
import org.bouncycastle.tls.SignatureAlgorithm;
import org.bouncycastle.tls.SignatureAndHashAlgorithm;
import org.bouncycastle.tls.TlsContext;
import org.bouncycastle.tls.TlsCredentialedSigner;
import org.bouncycastle.tls.TlsFatalAlert;
import org.bouncycastle.tls.UseSRTPData;
import org.bouncycastle.tls.crypto.TlsCryptoParameters;
import org.bouncycastle.tls.crypto.impl.bc.BcDefaultTlsCredentialedSigner;
import org.jspecify.annotations.Nullable;

/** What our client and our server have in common: one attempt at a handshake. On the association's thread. */
final class DtlsPeer {
    static final int HANDSHAKE_MILLIS = 30_000; // THREATS M2
    static final int RESEND_MILLIS = 150; // a lost datagram costs this much, not a second
    static final int[] CIPHER_SUITES = {
        CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
        CipherSuite.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256,
        CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
    };
    private static final int GCM_OVERHEAD = 24; // RFC 5288 §3: explicit nonce and tag
    private static final int CHACHA_OVERHEAD = 16; // RFC 7905 §2: tag
    private static final String EXPORTER = "EXTRACTOR-dtls_srtp"; // RFC 5764 §4.2

    private final DtlsIdentity identity;
    private final List<Fingerprint> expected;
    private final DatagramQueue queue;
    private final int handshakeMillis;
    private @Nullable SrtpProfile profile;
    private @Nullable SrtpKeys keys;
    private boolean mismatch;
    private boolean closedByPeer;

    DtlsPeer(DtlsIdentity identity, List<Fingerprint> expected, DatagramQueue queue, int handshakeMillis) {
        this.identity = identity;
        this.expected = expected;
        this.queue = queue;
        this.handshakeMillis = Math.max(1, handshakeMillis); // 0 would be for ever
    }

    /** Set when the handshake is complete. */
    @Nullable
    SrtpKeys keys() {
        return keys;
    }

    /** What this attempt may take at most. */
    int handshakeMillis() {
        return handshakeMillis;
    }

    boolean mismatch() {
        return mismatch;
    }

    boolean closedByPeer() {
        return closedByPeer;
    }

    TlsCredentialedSigner signer(TlsContext context) {
        return new BcDefaultTlsCredentialedSigner(
                new TlsCryptoParameters(context),
                identity.crypto(),
                identity.privateKey(),
                identity.chain(),
                new SignatureAndHashAlgorithm(HashAlgorithm.sha256, SignatureAlgorithm.ecdsa));
    }

    /** The first of ours that the other side has too. */
    SrtpProfile choose(@Nullable UseSRTPData offered) throws TlsFatalAlert {
        if (offered != null) {
            for (SrtpProfile candidate : SrtpProfile.PREFERENCE) {
                for (int number : offered.getProtectionProfiles()) {
                    if (number == candidate.number()) {
                        profile = candidate;
                        return candidate;
                    }
                }
            }
        }
        throw new TlsFatalAlert(AlertDescription.handshake_failure, "no SRTP profile in common");
    }

    /** Only the leaf counts: nobody vouches for it but the signalling. */
    void check(@Nullable Certificate certificate) throws IOException {
        boolean matches = false;
        if (certificate != null && !certificate.isEmpty()) {
            byte[] leaf = certificate.getCertificateAt(0).getEncoded();
            for (Fingerprint fingerprint : expected) {
                matches |= fingerprint.matches(leaf);
            }
        }
        if (!matches) {
            mismatch = true;
            queue.allowAlerts(); // final, so the browser may know at once
            throw new TlsFatalAlert(AlertDescription.bad_certificate, "not the certificate that was announced");
        }
    }

    void complete(TlsContext context, boolean weAreServer) throws TlsFatalAlert {
        SrtpProfile agreed = profile;
        if (agreed == null) {
            throw new TlsFatalAlert(AlertDescription.handshake_failure, "no SRTP profile agreed");
        }
        byte[] material = context.exportKeyingMaterial(EXPORTER, null, SrtpKeys.materialLength(agreed));
        keys = SrtpKeys.of(agreed, material, weAreServer);
        boolean chacha = context.getSecurityParametersConnection().getCipherSuite()
                == CipherSuite.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256;
        queue.recordsOfAtLeast(chacha ? CHACHA_OVERHEAD : GCM_OVERHEAD);
    }

    void onAlert(short description) {
        if (keys != null && description == AlertDescription.close_notify) {
            closedByPeer = true;
            queue.end(); // Bouncy Castle would go on waiting
        }
    }
}
