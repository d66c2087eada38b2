package io.ringdown.sip;

/** Where a caller is, as an INVITE says it (RFC 6442 4.1). */
public sealed interface Geolocation {

    /** In its body: a PIDF-LO document (RFC 4119), unread. */
    record ByValue(String document) implements Geolocation {
        @Override
        public String toString() {
            return "ByValue[" + document.length() + " characters]";
        }
    }

    /** By a URI that can be looked up. */
    record ByReference(String uri) implements Geolocation {}
}
