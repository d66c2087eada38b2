package io.ringdown.it;

import java.util.ArrayList;
import java.util.List;

/** What a network lets through to a gateway, in the namespace of the tests: by iptables. Everything passes again when it is closed. */
final class Firewall implements AutoCloseable {

    private final Trial trial;
    private final String ports;
    private final String exempt;
    private final List<String[]> rules = new ArrayList<>();

    private Firewall(Trial trial, String ports, String exempt) {
        this.trial = trial;
        this.ports = ports;
        this.exempt = exempt;
    }

    /** Before these ports ({@code 10000:10001}); who has the exempt address stands behind it. */
    static Firewall before(Trial trial, String ports, String exempt) {
        return trial.keep(new Firewall(trial, ports, exempt));
    }

    /** Nothing of this protocol comes through any more, and nobody is told. */
    Firewall drop(String protocol) {
        rule("-p", protocol, "!", "-s", exempt, "--dport", ports, "-j", "DROP");
        return this;
    }

    /** Every TCP connection is reset by its next packet in either direction, and none can be made, until {@link #close}. */
    Firewall reset() {
        String[] way = {"-j", "REJECT", "--reject-with", "tcp-reset"};
        rule(join(new String[] {"-p", "tcp", "--dport", ports}, way));
        rule(join(new String[] {"-p", "tcp", "--sport", ports}, way));
        return this;
    }

    private void rule(String... words) {
        String[] rule = join(new String[] {"INPUT"}, words);
        Tools.run(trial.file("iptables.log"), join(new String[] {"iptables", "-w", "-A"}, rule));
        rules.add(rule);
    }

    private static String[] join(String[] first, String[] second) {
        List<String> words = new ArrayList<>(List.of(first));
        words.addAll(List.of(second));
        return words.toArray(String[]::new);
    }

    @Override
    public void close() {
        for (String[] rule : rules) {
            Tools.run(trial.file("iptables.log"), join(new String[] {"iptables", "-w", "-D"}, rule));
        }
        rules.clear();
    }
}
