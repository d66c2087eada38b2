package io.ringdown.sip.dialog;

/**
 * A header as text.
 *
 * @param name its name
 * @param value its value, without control characters
 */
public record SipHeader(String name, String value) {
    public SipHeader {
        for (int i = 0; i < value.length(); i++) {
            if (value.charAt(i) < 0x20 || value.charAt(i) == 0x7f) {
                throw new IllegalArgumentException("a control character in the value of " + name);
            }
        }
    }
}
