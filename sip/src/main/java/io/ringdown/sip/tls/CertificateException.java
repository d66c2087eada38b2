package io.ringdown.sip.tls;

/** A certificate or key that cannot be used; the message names the file and what is wrong with it. */
public final class CertificateException extends Exception {
    private static final long serialVersionUID = 1L;

    public CertificateException(String message) {
        super(message);
    }
}
