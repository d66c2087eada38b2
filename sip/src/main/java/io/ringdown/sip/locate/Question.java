package io.ringdown.sip.locate;

/**
 * What is asked of the DNS.
 *
 * @param name the name, without a final dot
 * @param type what of it
 */
public record Question(String name, Type type) {
    /** The types of records that RFC 3263 needs. */
    public enum Type {
        NAPTR,
        SRV,
        A,
        AAAA
    }

    @Override
    public String toString() {
        return type + " " + name;
    }
}
