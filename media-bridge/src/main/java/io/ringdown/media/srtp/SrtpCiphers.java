package io.ringdown.media.srtp;

import org.jitsi.srtp.crypto.Aes;
import org.jitsi.srtp.crypto.JitsiOpenSslProvider;
import org.jitsi.utils.logging2.LoggerImpl;

/**
 * Which AES the process uses. jitsi-srtp would try all of them against each other for seconds, on the thread of the first
 * call; we name one: OpenSSL where its library loads, else Java's own.
 */
public final class SrtpCiphers {

    private SrtpCiphers() {}

    /** Makes the choice, once for the process. */
    public static void choose() {
        Choice.describe();
    }

    /** {@code OpenSSL} or {@code SunJCE}. */
    public static String describe() {
        return Choice.describe();
    }

    /** Class initialisation is the once-only that needs no state of ours. */
    private static final class Choice {
        private static final String NAME;

        static {
            new LoggerImpl(Aes.class.getName()).setLevelWarn();
            NAME = hasOpenSsl() ? "OpenSSL" : "SunJCE";
            Aes.setFactoryClassName(NAME);
        }

        private static boolean hasOpenSsl() {
            try {
                return JitsiOpenSslProvider.isLoaded();
            } catch (LinkageError e) { // its library is not for this system
                return false;
            }
        }

        private static String describe() {
            return NAME;
        }
    }
}
