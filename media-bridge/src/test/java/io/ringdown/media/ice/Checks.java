package io.ringdown.media.ice;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.zip.CRC32;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Writes Binding requests without any code of ours. */
final class Checks {
    private final ByteBuffer message = ByteBuffer.allocate(2000);

    private Checks() {
        message.putShort((short) 1).putShort((short) 0).putInt(0x2112A442);
        message.put("abcdefghijkl".getBytes(StandardCharsets.US_ASCII));
    }

    static Checks request() {
        return new Checks();
    }

    Checks attribute(int type, byte[] value) {
        message.putShort((short) type).putShort((short) value.length).put(value);
        message.put(new byte[(4 - value.length % 4) % 4]);
        return this;
    }

    Checks username(String name) {
        return attribute(0x0006, name.getBytes(StandardCharsets.UTF_8));
    }

    Checks nominate() {
        return attribute(0x0025, new byte[0]);
    }

    byte[] signed(String password) {
        try {
            message.putShort(2, (short) (message.position() + 24 - 20));
            Mac mac = Mac.getInstance("HmacSHA1");
            mac.init(new SecretKeySpec(password.getBytes(StandardCharsets.UTF_8), "HmacSHA1"));
            mac.update(message.array(), 0, message.position());
            attribute(0x0008, mac.doFinal());
            return fingerprinted();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    byte[] fingerprinted() {
        message.putShort(2, (short) (message.position() + 8 - 20));
        CRC32 crc = new CRC32();
        crc.update(message.array(), 0, message.position());
        message.putShort((short) 0x8028).putShort((short) 4).putInt((int) crc.getValue() ^ 0x5354554e);
        return Arrays.copyOf(message.array(), message.position());
    }

    static boolean isSigned(byte[] response, String password) throws GeneralSecurityException {
        int at = response.length - 32;
        byte[] covered = Arrays.copyOf(response, at);
        ByteBuffer.wrap(covered).putShort(2, (short) (at + 24 - 20));
        Mac mac = Mac.getInstance("HmacSHA1");
        mac.init(new SecretKeySpec(password.getBytes(StandardCharsets.UTF_8), "HmacSHA1"));
        return Arrays.equals(mac.doFinal(covered), Arrays.copyOfRange(response, at + 4, at + 24));
    }
}
