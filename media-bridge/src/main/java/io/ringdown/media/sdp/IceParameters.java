package io.ringdown.media.sdp;

import java.util.regex.Pattern;

/** One side's user name fragment and password (RFC 8839 §5.4). {@code toString} masks the password. */
public record IceParameters(String ufrag, String password) {
    private static final Pattern UFRAG = Pattern.compile("[A-Za-z0-9+/]{4,256}");
    private static final Pattern PASSWORD = Pattern.compile("[A-Za-z0-9+/]{22,256}");

    public IceParameters {
        if (!areValid(ufrag, password)) {
            throw new IllegalArgumentException("not the user name fragment and password of ICE");
        }
    }

    static boolean areValid(String ufrag, String password) {
        return UFRAG.matcher(ufrag).matches() && PASSWORD.matcher(password).matches();
    }

    @Override
    public String toString() {
        return "IceParameters[ufrag=" + ufrag + ", password=masked]";
    }
}
