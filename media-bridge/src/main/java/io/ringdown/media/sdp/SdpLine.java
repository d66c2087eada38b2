package io.ringdown.media.sdp;

/** One line of a description as it was written, without its end. */
record SdpLine(char type, String value) {
    String text() {
        return type + "=" + value;
    }

    /** Whether this is the attribute {@code a=name} or {@code a=name:…}. */
    boolean isAttribute(String name) {
        return type == 'a'
                && value.startsWith(name)
                && (value.length() == name.length() || value.charAt(name.length()) == ':');
    }

    /** What follows the attribute's name and colon. */
    String attributeValue(String name) {
        return value.length() > name.length()
                ? value.substring(name.length() + 1).strip()
                : "";
    }
}
