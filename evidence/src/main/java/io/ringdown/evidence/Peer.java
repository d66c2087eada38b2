package io.ringdown.evidence;

/** The programs of others that we are tried against. */
public enum Peer {
    SIPP("SIPp"),
    KAMAILIO("Kamailio"),
    BARESIP("baresip"),
    OPENSSL("openssl"),
    DNSMASQ("dnsmasq"),
    TSHARK("tshark"),
    CHROMIUM("Chromium"),
    FIREFOX("Firefox");

    private final String title;

    Peer(String title) {
        this.title = title;
    }

    /** As the table has it. */
    public String title() {
        return title;
    }

    /** Whether it stands for the trunk, and not for the browser at our other side. */
    boolean isOfTheTrunk() {
        return this != CHROMIUM && this != FIREFOX;
    }

    /** Whether a peer as {@link Peers} writes it down, with a scenario or without, is this one. */
    boolean isNamedIn(String met) {
        return met.equals(title) || met.startsWith(title + ' ');
    }
}
