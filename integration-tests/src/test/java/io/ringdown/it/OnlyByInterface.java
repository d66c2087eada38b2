package io.ringdown.it;

/**
 * An address of this machine that is not reached over loopback addresses, as one of another machine is not: a browser has to use
 * those of its interfaces.
 */
final class OnlyByInterface implements AutoCloseable {

    private final Trial trial;
    private final Interface holder;
    private final String address;

    private OnlyByInterface(Trial trial, Interface holder, String address) {
        this.trial = trial;
        this.holder = holder;
        this.address = address;
    }

    /** Makes an interface with this address. */
    static OnlyByInterface to(Trial trial, String address) {
        OnlyByInterface made = new OnlyByInterface(trial, Interface.up(trial, "gateway", address), address);
        // Local addresses are looked up first of all, unless that rule is moved: only then can another come before it.
        made.rule("add", "pref", "100", "lookup", "local");
        made.rule("add", "pref", "50", "from", "127.0.0.0/8", "to", address, "prohibit");
        made.rule("del", "pref", "0");
        return made;
    }

    private void rule(String... words) {
        String[] command = new String[words.length + 2];
        command[0] = "ip";
        command[1] = "rule";
        System.arraycopy(words, 0, command, 2, words.length);
        Tools.run(trial.file("ip-rule.log"), command);
    }

    @Override
    public void close() {
        rule("add", "pref", "0", "lookup", "local");
        rule("del", "pref", "50", "from", "127.0.0.0/8", "to", address, "prohibit");
        rule("del", "pref", "100", "lookup", "local");
        holder.close();
    }
}
