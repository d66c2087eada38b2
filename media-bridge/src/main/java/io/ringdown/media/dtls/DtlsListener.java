package io.ringdown.media.dtls;

import io.ringdown.media.srtp.SrtpKeys;

/** What an association wants. Called on its own thread; must hand over and return. */
public interface DtlsListener {

    /** Send this datagram to the browser; the array is the receiver's. */
    void onDatagram(byte[] datagram);

    /** The handshake is complete and the certificate is the one whose fingerprint the peer had announced. */
    void onKeys(SrtpKeys keys);

    /** It will never complete. */
    void onFailure(DtlsFailure failure);

    /** The peer has closed the association (close_notify). */
    void onClosed();
}
