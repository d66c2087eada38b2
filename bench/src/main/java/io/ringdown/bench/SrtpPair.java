package io.ringdown.bench;

import java.security.GeneralSecurityException;
import org.jitsi.srtp.SrtpContextFactory;
import org.jitsi.srtp.SrtpCryptoContext;
import org.jitsi.srtp.SrtpErrorStatus;
import org.jitsi.srtp.SrtpPolicy;
import org.jitsi.srtp.crypto.Aes;
import org.jitsi.srtp.crypto.JitsiOpenSslProvider;
import org.jitsi.utils.ByteArrayBuffer;
import org.jitsi.utils.logging2.Logger;
import org.jitsi.utils.logging2.LoggerImpl;
import org.jspecify.annotations.Nullable;

/** Both directions of a leg's SRTP, one stream each. One thread. */
final class SrtpPair {
    private static final Logger LOGGER = logger();

    /** Keys as DTLS leaves them. */
    @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
    record Keys(int profile, byte[] ourKey, byte[] ourSalt, byte[] theirKey, byte[] theirSalt) {}

    private final SrtpContextFactory sealing;
    private final SrtpContextFactory opening;
    private final View view = new View();
    private @Nullable SrtpCryptoContext sender;
    private @Nullable SrtpCryptoContext receiver;
    private int receiverSsrc;

    SrtpPair(Keys keys) {
        SrtpPolicy policy = policy(keys.profile());
        sealing = new SrtpContextFactory(true, keys.ourKey(), keys.ourSalt(), policy, policy, LOGGER);
        opening = new SrtpContextFactory(false, keys.theirKey(), keys.theirSalt(), policy, policy, LOGGER);
    }

    /** Seals in place and answers the new length. */
    int seal(byte[] packet, int length, int ssrc) {
        try {
            if (sender == null) {
                sender = sealing.deriveContext(ssrc, 0);
            }
            sender.transformPacket(view.of(packet, length));
            return view.length;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Opens in place; the new length, or −1. */
    int open(byte[] packet, int length, int ssrc) {
        try {
            if (receiver == null || receiverSsrc != ssrc) {
                receiver = opening.deriveContext(ssrc, 0);
                receiverSsrc = ssrc;
            }
            SrtpErrorStatus status = receiver.reverseTransformPacket(view.of(packet, length), false);
            return status == SrtpErrorStatus.OK ? view.length : -1;
        } catch (GeneralSecurityException e) {
            return -1;
        }
    }

    static int keyLength(int profile) {
        return profile == 8 ? 32 : 16;
    }

    static int saltLength(int profile) {
        return profile == 1 ? 14 : 12;
    }

    private static SrtpPolicy policy(int profile) {
        return switch (profile) {
            case 1 -> new SrtpPolicy(SrtpPolicy.AESCM_ENCRYPTION, 16, SrtpPolicy.HMACSHA1_AUTHENTICATION, 20, 10, 14);
            case 7, 8 ->
                new SrtpPolicy(
                        SrtpPolicy.AESGCM_ENCRYPTION, keyLength(profile), SrtpPolicy.NULL_AUTHENTICATION, 0, 16, 12);
            default -> throw new IllegalArgumentException("SRTP profile " + profile);
        };
    }

    private static Logger logger() {
        Aes.setFactoryClassName(JitsiOpenSslProvider.isLoaded() ? "OpenSSL" : "SunJCE");
        Logger logger = new LoggerImpl(SrtpPair.class.getName());
        logger.setLevelOff();
        return logger;
    }

    private static final class View implements ByteArrayBuffer {
        private byte[] buffer = {};
        private int length;

        private View of(byte[] packet, int size) {
            buffer = packet;
            length = size;
            return this;
        }

        @Override
        public byte[] getBuffer() {
            return buffer;
        }

        @Override
        public int getOffset() {
            return 0;
        }

        @Override
        public int getLength() {
            return length;
        }

        @Override
        public void setLength(int size) {
            length = size;
        }

        @Override
        public void setOffset(int start) {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean isInvalid() {
            return false;
        }

        @Override
        public void readRegionToBuff(int from, int size, byte[] out) {
            System.arraycopy(buffer, from, out, 0, size);
        }

        @Override
        public void grow(int howMuch) {
            // packets stand in arrays with room behind them
        }

        @Override
        public void append(byte[] data, int size) {
            System.arraycopy(data, 0, buffer, length, size);
            length += size;
        }

        @Override
        public void shrink(int size) {
            length -= size;
        }
    }
}
