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

    private final Kind kind;
    private final String reason;

    /** What was wrong, for who has to say what to change. */
    public enum Kind {
        /** There is not even a connection. */
        NO_CONNECTION,
        /** The certificate's time is over. */
        EXPIRED,
        /** Its time has not begun. */
        NOT_YET_VALID,
        /** Nobody whom we trust has signed it. */
        UNKNOWN_CA,
        /** The chain is broken in another way. */
        BROKEN_CHAIN,
        /** It is for somebody else (RFC 5922 7.3). */
        WRONG_NAME,
        /** No handshake in time. */
        SLOW,
        /** The peer refuses us by an alert, or closes the connection. */
        REFUSED,
        /** Anything else: what came was no TLS, perhaps. */
        OTHER
    }

    /** A certificate for somebody else. */
    TlsFailure(String message) {
        this(Kind.WRONG_NAME, message);
    }

    private TlsFailure(Kind kind, String message) {
        super("TLS: " + message);
        this.kind = kind;
        this.reason = message;
    }

    /** What a handshake broke off with. */
    static TlsFailure of(IOException handshake) {
        return caused(read(handshake), handshake);
    }

    /** What became of a connection that the handshake should have had. */
    static TlsFailure noConnection(IOException why) {
        return caused(new TlsFailure(Kind.NO_CONNECTION, "no connection (" + nameOf(why) + ")"), why);
    }

    /** The peer has let us shake hands, and closed the connection then, as who misses our certificate in TLS 1.3. */
    static TlsFailure closed() {
        return new TlsFailure(Kind.REFUSED, "the peer has closed the connection");
    }

    /** What was wrong. */
    public Kind kind() {
        return kind;
    }

    /** The message, but for the word TLS before it. */
    String reason() {
        return reason;
    }

    private static TlsFailure caused(TlsFailure failure, IOException cause) {
        failure.initCause(cause);
        return failure;
    }

    private static TlsFailure read(IOException handshake) {
        if (has(handshake, CertificateExpiredException.class)) {
            return new TlsFailure(Kind.EXPIRED, "the peer's certificate has expired");
        }
        if (has(handshake, CertificateNotYetValidException.class)) {
            return new TlsFailure(Kind.NOT_YET_VALID, "the peer's certificate is not valid yet");
        }
        if (has(handshake, CertPathBuilderException.class)) {
            return new TlsFailure(Kind.UNKNOWN_CA, "the peer's certificate is of a CA that is not trusted");
        }
        if (has(handshake, CertPathValidatorException.class)) {
            return new TlsFailure(Kind.BROKEN_CHAIN, "the peer's certificate chain does not hold");
        }
        if (has(handshake, SocketTimeoutException.class)) {
            return new TlsFailure(Kind.SLOW, "no handshake in time");
        }
        Matcher alert = ALERT.matcher(String.valueOf(handshake.getMessage()));
        if (alert.find()) {
            return new TlsFailure(Kind.REFUSED, "the peer refuses with alert " + alert.group(1));
        }
        return has(handshake, EOFException.class)
                ? closed()
                : new TlsFailure(Kind.OTHER, "no handshake (" + nameOf(handshake) + ")");
    }

    private static String nameOf(IOException why) {
        return why.getClass().getSimpleName();
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
