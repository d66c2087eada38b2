package io.ringdown.media.sdp;

import io.ringdown.media.srtp.SrtpKeys;
import io.ringdown.media.srtp.SrtpProfile;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code a=crypto} with one inline key for SRTP (RFC 4568 §9.1). Its lifetime is checked and otherwise its sender's affair, who
 * has to offer another key in time. Not taken: a line with a master key identifier (MKI), with several keys, or with a session
 * parameter that changes what packets look like.
 *
 * @param tag what an answer refers to
 * @param suite the crypto suite
 * @param master key and salt of whoever wrote it; masks itself
 */
record CryptoLine(int tag, SrtpProfile suite, SrtpKeys.Master master) {
    private static final String INLINE = "inline:";
    private static final Pattern TAG = Pattern.compile("0|[1-9]\\d{0,8}");
    private static final Pattern LIFETIME = Pattern.compile("2\\^(\\d{1,2})|(\\d{1,15})");
    private static final int LONGEST_LIFETIME_BITS = 48; // RFC 3711 §9.2
    // A hint at the replay window, the rate of key derivation at its default, and what may be passed over (RFC 4568
    // §6.3).
    private static final Pattern HARMLESS = Pattern.compile("WSH=\\d{2,9}|KDR=0|-.+");

    /** Reads the value of the attribute; empty if it is malformed or asks for what we cannot. */
    static Optional<CryptoLine> parse(String value) {
        String[] words = value.strip().split(" +");
        if (words.length < 3 || !TAG.matcher(words[0]).matches()) {
            return Optional.empty();
        }
        boolean harmless = Arrays.stream(words)
                .skip(3)
                .allMatch(parameter -> HARMLESS.matcher(parameter).matches());
        if (!harmless) {
            return Optional.empty();
        }
        return SrtpProfile.ofSuite(words[1])
                .flatMap(suite -> master(suite, words[2])
                        .map(master -> new CryptoLine(Integer.parseInt(words[0]), suite, master)));
    }

    /** As it stands in SDP, with the key: not for any other place. */
    String written() {
        byte[] both = Arrays.copyOf(master.key(), master.key().length + master.salt().length);
        System.arraycopy(master.salt(), 0, both, master.key().length, master.salt().length);
        return "a=crypto:" + tag + " " + suite.suite() + " " + INLINE
                + Base64.getEncoder().encodeToString(both);
    }

    private static Optional<SrtpKeys.Master> master(SrtpProfile suite, String parameters) {
        if (!parameters.startsWith(INLINE) || parameters.indexOf(';') >= 0) {
            return Optional.empty();
        }
        String[] fields = parameters.substring(INLINE.length()).split("\\|", -1);
        if (fields.length > 2 || (fields.length == 2 && !isLifetime(fields[1]))) {
            return Optional.empty(); // a third is an MKI, and so is a second with a colon
        }
        byte[] both;
        try {
            both = Base64.getDecoder().decode(fields[0]);
        } catch (IllegalArgumentException notBase64) {
            return Optional.empty();
        }
        if (both.length != suite.keyLength() + suite.saltLength()) {
            return Optional.empty();
        }
        return Optional.of(new SrtpKeys.Master(
                Arrays.copyOf(both, suite.keyLength()), Arrays.copyOfRange(both, suite.keyLength(), both.length)));
    }

    private static boolean isLifetime(String text) {
        Matcher written = LIFETIME.matcher(text);
        if (!written.matches()) {
            return false;
        }
        BigInteger packets = written.group(1) == null
                ? new BigInteger(written.group(2))
                : BigInteger.ONE.shiftLeft(Integer.parseInt(written.group(1)));
        return packets.signum() > 0 && packets.compareTo(BigInteger.ONE.shiftLeft(LONGEST_LIFETIME_BITS)) <= 0;
    }
}
