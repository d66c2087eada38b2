package io.ringdown.it;

/** A network interface of the namespace of the tests, with one address of its own. It goes when it is closed. */
final class Interface implements AutoCloseable {

    private final Trial trial;
    private final String name;
    private final String address;
    private boolean there;

    private Interface(Trial trial, String name, String address) {
        this.trial = trial;
        this.name = name;
        this.address = address;
    }

    /** Makes one that is up, with this IPv4 address in a network of 256, over which the default route leads from now on. */
    static Interface up(Trial trial, String name, String address) {
        Interface made = new Interface(trial, name, address);
        String end =
                name + "-end"; // a cable of which nobody holds the other end: without one it would not count as running
        made.ip("link", "add", name, "type", "veth", "peer", "name", end);
        made.there = true;
        trial.keep(made);
        made.ip("link", "set", end, "up");
        made.ip("link", "set", name, "up");
        made.ip("addr", "add", address + "/24", "dev", name);
        made.ip("route", "replace", "default", "dev", name, "src", address);
        return made;
    }

    String address() {
        return address;
    }

    /** Takes its address away, as a network does that a machine leaves: sockets bound to it send nothing more. */
    void loseAddress() {
        ip("addr", "del", address + "/24", "dev", name);
    }

    private void ip(String... words) {
        ip(trial, words);
    }

    static void ip(Trial trial, String... words) {
        String[] command = new String[words.length + 1];
        command[0] = "ip";
        System.arraycopy(words, 0, command, 1, words.length);
        Tools.run(trial.file("ip.log"), command);
    }

    @Override
    public void close() {
        if (there) {
            there = false;
            ip("link", "del", name);
            ip("route", "replace", "default", "dev", "lo", "src", "127.0.0.1"); // as netns/bin/java has it
        }
    }
}
