package io.ringdown.gateway.signaling;

import java.util.regex.Pattern;

/**
 * A web origin as browsers write it: scheme, host and, where it is not the scheme's own, port. Compared exactly, because
 * browsers send it in one spelling only (RFC 6454 §6.2).
 *
 * @param value such as {@code https://example.com} or {@code http://127.0.0.1:8080}
 */
public record Origin(String value) {
    private static final Pattern FORM =
            Pattern.compile("https?://(?:[a-z0-9](?:[a-z0-9.-]{0,252}[a-z0-9])?|\\[[0-9a-f:.]+])(?::[0-9]{1,5})?");

    public Origin {
        if (!FORM.matcher(value).matches()) {
            throw new IllegalArgumentException(
                    "is not an origin; write it as the browser does: https://example.com, without a path, in small letters");
        }
        if ((value.startsWith("https://") && value.endsWith(":443"))
                || (value.startsWith("http://") && value.endsWith(":80"))) {
            throw new IllegalArgumentException("names the scheme's own port, which browsers leave out; leave it out");
        }
    }

    public static Origin parse(String text) {
        return new Origin(text);
    }

    @Override
    public String toString() {
        return value;
    }
}
