package io.ringdown.gateway.tokens;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.Base64;
import java.util.Set;

/** Makes a pair of keys in files: {@code ringdown token --new-key FILE}. */
public final class NewKey {
    private static final Base64.Encoder LINES = Base64.getMimeEncoder(64, new byte[] {'\n'});

    private NewKey() {}

    /**
     * An Ed25519 pair: the private key in {@code file}, which only its owner can read, the public one beside it; where that
     * is. A file that is there already is left as it is, and is an error.
     */
    public static Path write(Path file) throws IOException {
        Path open = file.resolveSibling(file.getFileName() + SigningKey.PUBLIC);
        KeyPair pair;
        try {
            pair = KeyPairGenerator.getInstance(Ed25519.NAME).generateKeyPair();
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("every Java of ours has Ed25519", impossible);
        }
        create(file, "rw-------", pem("PRIVATE KEY", pair.getPrivate().getEncoded()));
        create(open, "rw-r--r--", pem("PUBLIC KEY", pair.getPublic().getEncoded()));
        return open;
    }

    private static void create(Path file, String rights, String text) throws IOException {
        try (SeekableByteChannel channel = Files.newByteChannel(
                file,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(rights)))) {
            ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        }
    }

    private static String pem(String label, byte[] der) {
        return "-----BEGIN " + label + "-----\n" + LINES.encodeToString(der) + "\n-----END " + label + "-----\n";
    }
}
