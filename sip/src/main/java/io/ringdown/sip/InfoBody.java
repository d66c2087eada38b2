package io.ringdown.sip;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * The body of an INFO request. It may be one digit of somebody's card, so it does not show itself, and nothing here looks
 * into it.
 *
 * @param mediaType type and subtype in lower case, without parameters
 * @param text the body, a character for each byte (ISO 8859-1), 1 to {@link #MAX_BYTES} of them
 */
public record InfoBody(String mediaType, String text) {
    /** The longest body that is taken or sent: digits and their like need a few dozen bytes. */
    public static final int MAX_BYTES = 1024;

    // RFC 3261 25.1: m-type SLASH m-subtype, both tokens
    private static final Pattern MEDIA_TYPE =
            Pattern.compile("[A-Za-z0-9.!%*_+`'~-]{1,64}/[A-Za-z0-9.!%*_+`'~-]{1,64}");

    public InfoBody {
        if (!isMediaType(mediaType)) {
            throw new IllegalArgumentException("not a media type; write for example application/dtmf-relay");
        }
        if (text.isEmpty() || text.length() > MAX_BYTES) {
            throw new IllegalArgumentException(
                    "an INFO body of " + text.length() + " bytes; 1 to " + MAX_BYTES + " are possible");
        }
        if (text.chars().anyMatch(c -> c > 0xff)) {
            throw new IllegalArgumentException("an INFO body with characters that are no bytes");
        }
        mediaType = mediaType.toLowerCase(Locale.ROOT);
    }

    /** Whether this is a type and a subtype, and no more. */
    public static boolean isMediaType(String text) {
        return MEDIA_TYPE.matcher(text).matches();
    }

    @Override
    public String toString() {
        return mediaType + " ***";
    }
}
