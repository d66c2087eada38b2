package io.ringdown.it;

/**
 * An address of this machine that is not reached from loopback addresses, as one of another machine is not: a browser has to use
 * those of its interfaces.
 */
final class OnlyByInterface implements AutoCloseable {

    private final Trial trial;
    private final String address;

    private OnlyByInterface(Trial trial, String address) {
        this.trial = trial;
        this.address = address;
    }

    /** Gives lo this address. */
    static OnlyByInterface to(Trial trial, String address) {
        OnlyByInterface made = new OnlyByInterface(trial, address);
        made.ip("addr", "add", address + "/32", "dev", "lo");
        // Local addresses are looked up first of all, unless that rule is moved: only then can another come before it.
        made.ip("rule", "add", "pref", "100", "lookup", "local");
        made.ip("rule", "add", "pref", "50", "from", "127.0.0.0/8", "to", address, "prohibit");
        made.ip("rule", "del", "pref", "0");
        return made;
    }

    private void ip(String... words) {
        Interface.ip(trial, words);
    }

    @Override
    public void close() {
        ip("rule", "add", "pref", "0", "lookup", "local");
        ip("rule", "del", "pref", "50");
        ip("rule", "del", "pref", "100");
        ip("addr", "del", address + "/32", "dev", "lo");
    }
}
