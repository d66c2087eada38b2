package io.ringdown.bench;

import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Keys in SDP as the far end answers them (RFC 4568 §5.1.2): its own for the first {@code a=crypto} of an offer that it can.
 *
 * @param keys of both directions
 * @param line the answer's {@code a=crypto}
 */
record SdesAnswer(SrtpPair.Keys keys, String line) {
    private static final Pattern OFFERED =
            Pattern.compile("(?m)^a=crypto:(\\d{1,9}) (\\S+) inline:([A-Za-z0-9+/]+={0,2})(?:\\|\\S*)?\\s*$");

    /** Empty where the offer has no key that fits. */
    static Optional<SdesAnswer> to(String offer, RandomGenerator random) {
        Matcher offered = OFFERED.matcher(offer);
        while (offered.find()) {
            int profile = switch (offered.group(2)) {
                case "AES_CM_128_HMAC_SHA1_80" -> 1;
                case "AEAD_AES_128_GCM" -> 7;
                case "AEAD_AES_256_GCM" -> 8;
                default -> 0;
            };
            int key = SrtpPair.keyLength(profile);
            byte[] theirs = Base64.getDecoder().decode(offered.group(3));
            if (profile != 0 && theirs.length == key + SrtpPair.saltLength(profile)) {
                byte[] ours = new byte[theirs.length];
                random.nextBytes(ours);
                return Optional.of(new SdesAnswer(
                        new SrtpPair.Keys(
                                profile, head(ours, key), tail(ours, key), head(theirs, key), tail(theirs, key)),
                        "a=crypto:" + offered.group(1) + " " + offered.group(2) + " inline:"
                                + Base64.getEncoder().encodeToString(ours)));
            }
        }
        return Optional.empty();
    }

    private static byte[] head(byte[] keyAndSalt, int key) {
        return Arrays.copyOf(keyAndSalt, key);
    }

    private static byte[] tail(byte[] keyAndSalt, int key) {
        return Arrays.copyOfRange(keyAndSalt, key, keyAndSalt.length);
    }
}
