package io.ringdown.sip.tls;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** TLS did not come to be; the message says why in words for the log, without a word of the peer's. */
public final class TlsFailure extends IOException {
    private static final long serialVersionUID = 1L;
    private static final Pattern ALERT = Pattern.compile("(?:\\(\\w+\\) )?Received fatal alert: ([a-z_]{1,40})");

    TlsFailure(String message) {
        super("TLS: " + message);
    }

    /** What a handshake broke off with. */
    static TlsFailure of(IOException handshake) {
        TlsFailure failure = new TlsFailure(reason(handshake));
        failure.initCause(handshake);
        return failure;
    }

    private static String reason(IOException handshake) {
        if (has(handshake, CertificateExpiredException.class)) {
            return "the peer's certificate has expired";
        }
        if (has(handshake, CertificateNotYetValidException.class)) {
            return "the peer's certificate is not valid yet";
        }
        if (has(handshake, CertPathBuilderException.class)) {
            return "the peer's certificate is of a CA that is not trusted";
        }
        if (has(handshake, CertPathValidatorException.class)) {
            return "the peer's certificate chain does not hold";
        }
        if (has(handshake, SocketTimeoutException.class)) {
            return "no handshake in time";
        }
        Matcher alert = ALERT.matcher(String.valueOf(handshake.getMessage()));
        if (alert.find()) {
            return "the peer refuses with alert " + alert.group(1);
        }
        return has(handshake, EOFException.class)
                ? "the peer has closed the connection"
                : "no handshake (" + handshake.getClass().getSimpleName() + ")";
    }

    private static boolean has(Throwable top, Class<? extends Throwable> kind) {
        @Nullable Throwable at = top;
        for (int depth = 0; at != null && depth < 16; depth++) {
            if (kind.isInstance(at)) {
                return true;
            }
            at = at.getCause();
        }
        return false;
    }
}
