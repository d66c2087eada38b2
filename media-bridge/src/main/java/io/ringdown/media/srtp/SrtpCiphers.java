package io.ringdown.media.srtp;

import org.jitsi.srtp.SrtpContextFactory;
import org.jitsi.srtp.crypto.Aes;
import org.jitsi.srtp.crypto.JitsiOpenSslProvider;
import org.jitsi.utils.logging2.Logger;
import org.jitsi.utils.logging2.LoggerImpl;

/**
 * Which AES the process uses. jitsi-srtp would try all of them against each other for seconds, on the thread of the first
 * call; we name one: OpenSSL where its library loads, else Java's own.
 */
public final class SrtpCiphers {
    private static final Logger SILENT = silent();

    private SrtpCiphers() {}

    /** Makes the choice, once for the process. */
    public static void choose() {
        Choice.describe();
    }

    /** {@code OpenSSL} or {@code SunJCE}. */
    public static String describe() {
        return Choice.describe();
    }

    /** Contexts of one direction under one master key, of which it keeps a copy. */
    static SrtpContextFactory factory(boolean sender, SrtpProfile profile, SrtpKeys.Master master) {
        choose();
        return new SrtpContextFactory(
                sender, master.key(), master.salt(), profile.rtpPolicy(), profile.rtcpPolicy(), SILENT);
    }

    /** What it would say is what a stranger makes it say: we count instead. */
    private static Logger silent() {
        Logger logger = new LoggerImpl(SrtpSession.class.getName());
        logger.setLevelOff();
        return logger;
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
