package io.ringdown.sip.web;

import io.ringdown.sip.Secret;
import io.ringdown.sip.dialog.Digest.Algorithm;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * HA1 of RFC 7616 3.4.2, kept in the place of a password: the hash of {@code NAME:REALM:PASSWORD}, each algorithm its own. Whoever has
 * it can sign in as its user, but learns no password. It is that of one name: an extension in the name's place does not open.
 *
 * @param realm which it was made for; it opens no other
 * @param md5 32 hexadecimal digits
 * @param sha256 64 hexadecimal digits
 */
public record Ha1(String realm, Optional<Secret> md5, Optional<Secret> sha256) implements DigestSecret {
    private static final Pattern MD5 = Pattern.compile("[0-9A-Fa-f]{32}");
    private static final Pattern SHA256 = Pattern.compile("[0-9A-Fa-f]{64}");

    public Ha1 {
        md5.ifPresent(hash -> require("md5", hash, MD5, "32", "md5sum"));
        sha256.ifPresent(hash -> require("sha256", hash, SHA256, "64", "sha256sum"));
        if (md5.isEmpty() && sha256.isEmpty()) {
            throw new IllegalArgumentException(
                    "has neither md5 nor sha256; give both, or the one that the phones know");
        }
    }

    private static void require(String key, Secret hash, Pattern form, String digits, String tool) {
        if (!form.matcher(hash.value()).matches()) {
            throw new IllegalArgumentException(key + ": is not " + digits
                    + " hexadecimal digits; write what printf %s NAME:REALM:PASSWORD | " + tool + " says");
        }
    }

    @Override
    public Optional<String> ha1(Algorithm algorithm, String user, String ofRealm) {
        Optional<Secret> hash = switch (algorithm) {
            case MD5 -> md5;
            case SHA_256 -> sha256;
            case MD5_SESS, SHA_256_SESS, SHA_512_256, SHA_512_256_SESS -> Optional.empty();
        };
        return hash.filter(_ -> realm.equals(ofRealm))
                .map(found -> found.value().toLowerCase(Locale.ROOT));
    }
}
